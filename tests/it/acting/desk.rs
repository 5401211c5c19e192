//! The product without a terminal on a scene: the real model, worker and adapter, and a person whose
//! keys a test presses. All on one virtual clock.
//!
//! Held at every key: a write leaves the model only as the answer to an armed question, it is the
//! write that the question shows, and what it is about stands on the screen.

use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::act::Intent;
use ecsdeck_core::app::{
    Confirm, Effect, LoopEffect, Model, Msg, Overlay, Setup, Stamp, WorkerEffect, update,
};
use ecsdeck_core::deck::Deck;
use ecsdeck_core::keys::{Key, Keymap};
use ecsdeck_tui::theme::Theme;
use ecsdeck_tui::view::view;
use ecsdeck_worker::{Folders, Gaps, Tools};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::scene::Scene;
use super::stage::DECK;

/// Columns and rows, so many that no question is cut.
const SIZE: (u16, u16) = (160, 50);

pub(crate) struct Desk {
    pub(crate) scene: Scene,
    pub(crate) model: Model,
    effects: mpsc::Sender<WorkerEffect>,
    messages: mpsc::Receiver<Msg>,
    started: Instant,
    entropy: u128,
    /// The newest question that the terminal has not shown yet.
    unshown: Option<u64>,
    /// What a yes was said to, oldest first.
    pub(crate) confirmed: Vec<Intent>,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::at(Scene::set().await)
    }

    /// On a scene that is set.
    pub(crate) fn at(scene: Scene) -> Self {
        let setup = Setup {
            deck: Some(Deck::parse(&DECK.replace("PROTECTED", ""), "deck.toml").unwrap()),
            refresh: Duration::from_secs(4),
            log_lines: 10,
            ..Setup::new("us-east-1", Keymap::load("default", &|_| None).unwrap())
        };
        let stamp = Stamp {
            now: scene.sim.now(),
            elapsed: Duration::ZERO,
            entropy: 1,
        };
        let (effects, for_worker) = mpsc::channel(1_024);
        let (from_worker, messages) = mpsc::channel(1_024);
        let aws = Arc::new(scene.console());
        let writer = Arc::new(aws.writer(ecsdeck::uptime::since_boot()));
        let tools = Tools {
            ending: tokio::sync::watch::channel(false).1,
            reads: aws,
            writes: Some(writer),
            journal: Some(scene.journal()),
            folders: Folders::default(),
            gaps: Gaps::Kept,
        };
        ecsdeck_worker::spawn(tools, for_worker, from_worker);
        Self {
            model: Model::new(setup, SIZE, stamp),
            scene,
            effects,
            messages,
            started: Instant::now(),
            entropy: 1,
            unshown: None,
            confirmed: Vec::new(),
        }
    }

    pub(crate) fn question(&self) -> Option<&Confirm> {
        match &self.model.overlay {
            Some(Overlay::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }

    /// What stands on the screen, as if in one line.
    pub(crate) fn screen(&self) -> String {
        let area = Rect::new(0, 0, SIZE.0, SIZE.1);
        let mut buffer = Buffer::empty(area);
        view(&self.model, &Theme::default(), &mut buffer);
        buffer.content().iter().map(|cell| cell.symbol()).collect()
    }

    async fn take(&mut self, msg: Msg) {
        let confirms = Msg::Key {
            key: Key::parse("y").unwrap(),
            alone: true,
        };
        let yes = msg == confirms;
        let shown = self
            .question()
            .filter(|asked| asked.armed && yes)
            .map(|asked| (asked.proposal.intent.clone(), self.screen()));
        self.entropy += 1;
        let stamp = Stamp {
            now: self.scene.sim.now(),
            elapsed: self.started.elapsed(),
            entropy: self.entropy,
        };
        for effect in update(&mut self.model, msg, stamp) {
            match &effect {
                Effect::Worker(WorkerEffect::Act(intent)) => {
                    let (asked, screen) = shown.as_ref().expect("a write that nobody confirmed");
                    assert_eq!(**intent, *asked, "another write than the question shows");
                    let name = intent.target.subject.name();
                    for part in name.split(", ") {
                        assert!(
                            screen.contains(part),
                            "{name} is not on the screen: {screen}"
                        );
                    }
                    self.confirmed.push(asked.clone());
                }
                Effect::Loop(LoopEffect::AskShown(question)) => self.unshown = Some(*question),
                _ => {}
            }
            // The others are the loop's, which has no terminal here.
            if let Effect::Worker(effect) = effect {
                self.effects.send(effect).await.unwrap();
            }
        }
    }

    /// Presses keys one after the other, each alone.
    pub(crate) async fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let key = Key::parse(key).unwrap();
            self.take(Msg::Key { key, alone: true }).await;
        }
    }

    /// The terminal says that it has shown the newest question.
    pub(crate) async fn show(&mut self) {
        if let Some(question) = self.unshown.take() {
            self.take(Msg::Shown(question)).await;
        }
    }

    /// Lets time pass, and whatever comes by then come.
    pub(crate) async fn pass(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            let wake = self.model.next_wake().map(|wake| self.started + wake);
            let until = wake.map_or(end, |wake| wake.min(end));
            match timeout_at(until, self.messages.recv()).await {
                Ok(msg) => self.take(msg.expect("the worker lives")).await,
                Err(_) if Instant::now() >= end => return,
                Err(_) => self.take(Msg::Ticked).await,
            }
        }
    }

    /// Somebody else asks for something.
    pub(crate) async fn others(&self, target: &'static str, body: Value) -> Value {
        let address = self.scene.sim.addr();
        let asked =
            tokio::task::spawn_blocking(move || crate::harness::ask_at(address, target, &body));
        asked.await.unwrap()
    }
}
