//! The morning: what everybody does, and what they must see for a step to count.

use chrono::TimeDelta;

use crate::cli::admin;
use crate::clock::Clock;
use crate::domain::account::Role;
use crate::sandbox::discord::{Channel, Discord, DiscordUser};
use crate::sandbox::telegram::{Telegram, TelegramUser};
use crate::sandbox::{Answer, Missed, Seat, Seen, Upload};
use crate::service::codes::CodeKey;
use crate::store::Store;

/// A one-pixel picture: what Lina photographs.
const PHOTO: &[u8] = &[
    0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3,
    1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// One step of the morning, and whether it was seen.
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) outcome: Outcome,
}

/// What became of a step.
pub(super) enum Outcome {
    Seen,
    Missed(String),
    NotPlayed,
}

/// Everybody, in their places.
pub(super) struct Stage {
    discord: Discord,
    clock: Clock,
    store: Store,
    key: CodeKey,
    support: Channel,
    general: Channel,
    awa: DiscordUser,
    moussa: DiscordUser,
    fatou: DiscordUser,
    ibou: DiscordUser,
    lina: TelegramUser,
    /// Who took n° 1, and who came too late.
    taker: Option<(DiscordUser, DiscordUser)>,
}

type Played = Result<(), Missed>;

impl Stage {
    pub(super) fn set(telegram: &Telegram, discord: Discord, clock: Clock, store: Store, key: CodeKey) -> Self {
        let awa = discord.user("Awa Diop", "fr");
        let moussa = discord.user("Moussa Sarr", "fr");
        let fatou = discord.user("Fatou Ba", "fr");
        let ibou = discord.user("Ibou Fall", "fr");
        let support = discord.channel_for("support", &[&awa, &moussa, &fatou]);
        let general = discord.channel("general");
        let lina = telegram.user("Lina Ndiaye", "fr");
        Self {
            discord,
            clock,
            store,
            key,
            support,
            general,
            awa,
            moussa,
            fatou,
            ibou,
            lina,
            taker: None,
        }
    }

    async fn staff_moves_in(&mut self) -> Played {
        self.discord.connected().await;
        self.discord.registered("link").await;
        let staff = [
            (&self.awa, "awa@exemple.org", Role::Admin),
            (&self.moussa, "moussa@exemple.org", Role::Technician),
            (&self.fatou, "fatou@exemple.org", Role::Technician),
        ];
        for (who, email, role) in staff {
            let code = admin::create(&self.store, &self.key, who.name(), email, role).await;
            let code = code.map_err(|failure| missed("a one-time code", &failure.to_string()))?;
            let seat = who.dm();
            seat.uses("link", &[("code", &code.to_string())]).await?;
            let asked = seat.sees("Relier ce compte Discord").await?;
            seat.presses(&asked, "Relier").await?;
            seat.sees("C'est fait : vous êtes").await?;
        }
        let channel = self.awa.in_channel(&self.support);
        channel.uses("setup", &[]).await?;
        channel.sees("les demandes arriveront ici").await.map(drop)
    }

    async fn lina_writes(&mut self) -> Played {
        let seat = self.lina.private();
        let photo = Upload {
            name: "chargeur.png".into(),
            media_type: "image/png".into(),
            bytes: PHOTO.to_vec(),
        };
        seat.sends(&[photo], "Mon chargeur ne marche plus depuis ce matin")
            .await;
        seat.sees("Quel est votre nom").await?;
        seat.says("Lina Ndiaye").await;
        seat.sees("adresse e-mail").await?;
        seat.says("lina@exemple.org").await;
        let draft = seat.sees("Catégorie : Matériel · Urgence : Moyenne").await?;
        holds(&draft, "Mon chargeur ne marche plus depuis ce matin")?;
        holds(&draft, "1 fichier")?;
        self.clock.advance(TimeDelta::minutes(2));
        seat.presses(&draft, "Envoyer").await?;
        let card = seat.sees("N° 1 · Mon chargeur ne marche plus depuis ce matin").await?;
        holds(&card, "En attente")
    }

    async fn staff_is_told(&mut self) -> Played {
        let card = self
            .moussa
            .in_channel(&self.support)
            .sees("N° 1 · Mon chargeur")
            .await?;
        for part in ["En attente", "Matériel", "Moyenne", "Lina Ndiaye", "Telegram"] {
            holds(&card, part)?;
        }
        for label in ["Prendre", "Demander une précision", "Détails"] {
            if !card.buttons.iter().any(|button| button == label) {
                return Err(missed(label, &card.buttons.join(", ")));
            }
        }
        if card.files.len() != 1 {
            return Err(missed("the photo on the card", &card.text));
        }
        self.awa.dm().sees("Nouvelle demande").await.map(drop)
    }

    async fn two_take_at_once(&mut self) -> Played {
        let (moussa, fatou) = (
            self.moussa.in_channel(&self.support),
            self.fatou.in_channel(&self.support),
        );
        let card = fatou.sees("N° 1").await?;
        let (first, second) = tokio::join!(moussa.presses(&card, "Prendre"), fatou.presses(&card, "Prendre"));
        let (taker, late, told) = match (first?, second?) {
            (Answer::Quiet, Answer::Message(told)) => (self.moussa.clone(), self.fatou.clone(), told),
            (Answer::Message(told), Answer::Quiet) => (self.fatou.clone(), self.moussa.clone(), told),
            both => return Err(missed("exactly one who takes it", &format!("{both:?}"))),
        };
        holds(&told, &format!("{} a pris le n° 1", taker.name()))?;
        let card = self
            .awa
            .in_channel(&self.support)
            .sees(&format!("En cours · {}", taker.name()))
            .await?;
        holds(&card, "N° 1")?;
        self.lina
            .private()
            .sees(&format!("{} s'occupe de votre demande n° 1", taker.name()))
            .await?;
        self.taker = Some((taker, late));
        Ok(())
    }

    fn taker(&self) -> Result<(DiscordUser, DiscordUser), Missed> {
        self.taker
            .clone()
            .ok_or_else(|| missed("somebody in charge of n° 1", ""))
    }

    async fn a_question_and_its_answer(&mut self) -> Played {
        let (taker, _) = self.taker()?;
        self.clock.advance(TimeDelta::minutes(3));
        let thread = taker.in_thread("N° 1");
        thread
            .uses("ask", &[("text", "Quel modèle d'ordinateur avez-vous ?")])
            .await?;
        let question = self.lina.private().sees("Quel modèle d'ordinateur avez-vous ?").await?;
        holds(&question, &format!("{} vous demande", taker.name()))?;
        self.awa
            .in_channel(&self.support)
            .sees("En attente d'informations")
            .await?;
        self.clock.advance(TimeDelta::minutes(1));
        self.lina.private().replies(&question, "Un ThinkPad T480").await;
        thread.sees("Un ThinkPad T480").await?;
        self.awa.in_channel(&self.support).sees("En cours").await.map(drop)
    }

    async fn an_internal_note(&mut self) -> Played {
        let (taker, late) = self.taker()?;
        let thread = late.in_thread("N° 1");
        let note = thread.says("Il en reste un en B12, je crois").await;
        thread.sees_reaction(note, "📝").await?;
        taker.in_channel(&self.support).uses("show", &[("number", "1")]).await?;
        taker.in_channel(&self.support).sees("note interne").await?;
        if self.lina.private().history().contains("B12") {
            return Err(missed(
                "nothing of the note on Lina's side",
                &self.lina.private().history(),
            ));
        }
        Ok(())
    }

    async fn resolved_and_closed(&mut self) -> Played {
        let (taker, late) = self.taker()?;
        self.clock.advance(TimeDelta::minutes(12));
        let channel = taker.in_channel(&self.support);
        let card = channel.sees("N° 1 · Mon chargeur").await?;
        channel.presses(&card, "Résoudre").await?;
        channel
            .submits(&[("Message", "Chargeur échangé, à retirer salle B12.")])
            .await?;
        let seat = self.lina.private();
        let report = seat.sees("est résolue").await?;
        holds(&report, "Chargeur échangé, à retirer salle B12.")?;
        seat.presses(&report, "C'est réglé").await?;
        seat.sees("Clôturé").await?;
        late.in_channel(&self.support).sees("Clôturé").await?;
        for command in ["take", "close", "release"] {
            late.in_channel(&self.support).uses(command, &[("number", "1")]).await?;
            late.in_channel(&self.support).sees("il ne peut plus changer").await?;
        }
        Ok(())
    }

    async fn ibou_sees_only_his_own(&mut self) -> Played {
        self.clock.advance(TimeDelta::minutes(20));
        let channel = self.ibou.in_channel(&self.general);
        channel
            .uses("ticket", &[("urgency", "high"), ("category", "network")])
            .await?;
        let form = [
            ("Titre", "Plus de Wi-Fi en salle 3"),
            ("Description", "Depuis 9 h, aucun ordinateur ne se connecte."),
            ("Votre nom", "Ibou Fall"),
            ("Votre adresse e-mail", "ibou@exemple.org"),
        ];
        channel.submits(&form).await?;
        channel.sees("N° 2 · Plus de Wi-Fi en salle 3").await?;
        self.ibou.dm().sees("N° 2 · Plus de Wi-Fi en salle 3").await?;
        self.moussa.in_channel(&self.support).sees("🔴 Haute").await?;
        channel.uses("tickets", &[]).await?;
        let list = channel.sees("Vos demandes en cours (1)").await?;
        holds(&list, "n° 2")?;
        if list.text.contains("chargeur") {
            return Err(missed("only Ibou's own requests", &list.text));
        }
        channel.uses("show", &[("number", "1")]).await?;
        channel.sees("Je ne trouve pas de demande n° 1").await.map(drop)
    }
}

/// Plays it all; after a step that was missed, the rest is not played.
pub(super) async fn play(mut stage: Stage) -> Vec<Step> {
    let titles = [
        "Awa, Moussa and Fatou link their Discord accounts; Awa binds #support",
        "Lina writes to the Telegram bot, says who she is, and sends with one tap",
        "#support shows the card, photo and buttons included; Awa is pinged",
        "Moussa and Fatou take it at the same moment: one has it, the other reads who",
        "A question from the thread, an answer from Telegram, and the status follows",
        "An internal note stays among staff",
        "Resolved with a report, confirmed by Lina, closed for good",
        "Ibou opens a ticket with /ticket and sees only his own",
    ];
    let mut steps = Vec::new();
    let mut going = true;
    for (number, title) in titles.into_iter().enumerate() {
        let outcome = if going {
            match step(&mut stage, number).await {
                Ok(()) => Outcome::Seen,
                Err(missed) => Outcome::Missed(missed.to_string()),
            }
        } else {
            Outcome::NotPlayed
        };
        going = matches!(outcome, Outcome::Seen);
        steps.push(Step { title, outcome });
    }
    steps
}

async fn step(stage: &mut Stage, number: usize) -> Played {
    match number {
        0 => stage.staff_moves_in().await,
        1 => stage.lina_writes().await,
        2 => stage.staff_is_told().await,
        3 => stage.two_take_at_once().await,
        4 => stage.a_question_and_its_answer().await,
        5 => stage.an_internal_note().await,
        6 => stage.resolved_and_closed().await,
        _ => stage.ibou_sees_only_his_own().await,
    }
}

fn holds(seen: &Seen, part: &str) -> Played {
    if seen.text.contains(part) {
        Ok(())
    } else {
        Err(missed(part, &seen.text))
    }
}

fn missed(expected: &str, history: &str) -> Missed {
    Missed {
        expected: expected.to_owned(),
        history: history.to_owned(),
    }
}
