//! `/categories`: an admin adds, changes, retires and brings back categories.

use super::build::{button, fact, pages};
use super::dialog::Asking;
use super::form::{CategoryPart, FieldKind, FormKind};
use super::intent::Intent;
use super::press::{CategoryPress, Press, QuestionPress};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::category::{Category, CategoryChange, Keywords, MOST_OFFERED};
use crate::domain::ids::CategoryId;
use crate::domain::language::Language;
use crate::domain::permission::{Categories, Right};
use crate::domain::text::{CategoryName, beginning};
use crate::service::categories::{Unchanged, add, change, set_retired};
use crate::store::{Fault, categories};

/// How many a page shows: with the row that leads on, five rows, which is what Discord takes.
const PAGE: u32 = 8;
/// How many of them stand in a row.
const ABREAST: usize = 2;
/// How many of the keywords a list shows, in characters.
const WORDS: usize = 40;

impl Turn<'_> {
    /// A button of categories.
    pub(super) async fn categories(&mut self, press: CategoryPress) -> Result<Reply, Fault> {
        match press {
            CategoryPress::List(from) => self.list_categories(from, None).await,
            CategoryPress::Show(id) => self.show_category(id, None).await,
            CategoryPress::New => self.start_category().await,
            CategoryPress::Rename(id, language) => self.start_change(id, CategoryPart::Name(language)).await,
            CategoryPress::Keywords(id) => self.start_change(id, CategoryPart::Keywords).await,
            CategoryPress::Retire(is_retired, id) => self.retire_category(id, is_retired).await,
            CategoryPress::Choose(from) => self.pick_category(from).await,
            CategoryPress::ChooseFor(ticket, from) => self.offer_categories(ticket, from, None).await,
            CategoryPress::ChooseOf(listing, from) => self.choose_category(listing, from).await,
        }
    }

    /// Whether what would change them is offered.
    pub(super) fn keeps_categories(&self) -> bool {
        let account = self.me.account.as_ref();
        account.is_some_and(|me| Right::Categories.is_of(me.role))
    }

    /// A page of them, the retired ones last, after a line that leads to it.
    pub(super) async fn list_categories(&mut self, from: u32, lead: Option<String>) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<Categories>().await? {
            return Ok(refused);
        }
        let mut all = categories::list_now(self.tx).await?;
        all.sort_by_key(|category| (category.is_retired, category.id));
        let offered = all.iter().filter(|category| !category.is_retired).count();
        let (first, page) = (index(from), index(PAGE));
        let first = if first < all.len() { first } else { 0 };
        let shown = &all[first..all.len().min(first + page)];
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        let args = [("count", offered.into()), ("most", MOST_OFFERED.into())];
        blocks.push(Block::Title(language.say("categories-heading", &args)));
        blocks.extend(shown.iter().map(|category| self.line(category)));
        blocks.push(Block::Text(self.say("categories-how")));
        let message = Message {
            blocks,
            ..Message::default()
        };
        let buttons = shown.iter().map(|category| Button {
            label: category.name(language).to_owned(),
            action: Press::Categories(CategoryPress::Show(category.id)).to_string(),
            look: Look::Plain,
        });
        let buttons: Vec<Button> = buttons.collect();
        let message = buttons
            .chunks(ABREAST)
            .map(<[Button]>::to_vec)
            .fold(message, Message::row);
        let of = (u32::try_from(first).unwrap_or_default(), PAGE, first + page < all.len());
        let leads = pages(language, of, |from| Press::Categories(CategoryPress::List(from)));
        let new = to(language, "button-category-new", CategoryPress::New);
        Ok(self.instead_or_tell(message.row(leads.into_iter().chain([new]))))
    }

    /// One in a line.
    fn line(&self, category: &Category) -> Block {
        let mut facts = vec![fact(category.name(self.lang()).to_owned())];
        facts.extend(category.is_retired.then(|| fact(self.say("category-retired"))));
        let words = beginning(&category.keywords, WORDS);
        let more = if words.len() < category.keywords.len() {
            "…"
        } else {
            ""
        };
        facts.extend((!words.is_empty()).then(|| fact(format!("{words}{more}"))));
        Block::Facts(facts)
    }

    /// One of them, after a line that leads to it, with what can be done about it.
    async fn show_category(&mut self, id: CategoryId, lead: Option<String>) -> Result<Reply, Fault> {
        let category = match self.found_category(id).await? {
            Ok(category) => category,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Title(category.name(language).to_owned()));
        blocks.extend(Language::ALL.map(|of| {
            let args = [("name", category.name(of).to_owned().into())];
            Block::Text(language.say(&format!("category-in-{}", of.code()), &args))
        }));
        blocks.push(Block::Text(if category.keywords.is_empty() {
            self.say("category-no-keywords")
        } else {
            language.say("category-keywords", &[("words", category.keywords.clone().into())])
        }));
        blocks.extend(
            category
                .is_retired
                .then(|| Block::Text(self.say("category-is-retired"))),
        );
        let message = Message {
            blocks,
            ..Message::default()
        };
        let names = Language::ALL.map(|of| {
            let label = format!("button-category-{}", of.code());
            to(language, &label, CategoryPress::Rename(id, of))
        });
        let retire = if category.is_retired {
            to(language, "button-category-offer", CategoryPress::Retire(false, id))
        } else {
            to(language, "button-category-retire", CategoryPress::Retire(true, id))
        };
        let keywords = to(language, "button-category-keywords", CategoryPress::Keywords(id));
        let all = to(language, "button-categories-all", CategoryPress::List(0));
        let questions = Press::Questions(QuestionPress::Of(id));
        let questions = button(language, "button-questions", questions, Look::Plain);
        Ok(self.instead_or_tell(message.row(names).row([keywords, questions, retire]).row([all])))
    }

    async fn start_category(&mut self) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<Categories>().await? {
            return Ok(refused);
        }
        let offered = categories::list_now(self.tx).await?.into_iter();
        if offered.filter(|category| !category.is_retired).count() >= MOST_OFFERED {
            return Ok(self.word(self.full()));
        }
        Ok(self.start_form(FormKind::NewCategory))
    }

    async fn start_change(&mut self, id: CategoryId, part: CategoryPart) -> Result<Reply, Fault> {
        let category = match self.found_category(id).await? {
            Ok(category) => category,
            Err(refused) => return Ok(refused),
        };
        let now = match part {
            CategoryPart::Name(language) => category.name(language),
            CategoryPart::Keywords => &category.keywords,
        };
        let form = FormKind::ChangeCategory {
            category: id,
            version: category.version,
            part,
        };
        Ok(self.start_form_over(form, now))
    }

    async fn retire_category(&mut self, id: CategoryId, is_retired: bool) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let done = set_retired(self.tx, permit, id, is_retired).await?;
        let sentence = if is_retired {
            "category-retired-now"
        } else {
            "category-offered-now"
        };
        self.told_of_category(id, done, (sentence, "")).await
    }

    /// A new one is complete.
    pub(super) async fn add_category(&mut self, asking: Asking) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default();
        let [french, english] =
            Language::ALL.map(|language| CategoryName::parse(answer(FieldKind::CategoryName(language))));
        let (Ok(french), Ok(english), Ok(keywords)) = (french, english, Keywords::parse(answer(FieldKind::Keywords)))
        else {
            return Ok(self.nothing_asked());
        };
        let words = [french.as_str(), english.as_str(), keywords.as_str()].join("\n");
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, words.trim())),
        };
        match add(self.tx, permit, [&french, &english], &keywords).await? {
            Ok(id) => self.show_category(id, Some(self.say("category-saved"))).await,
            Err(Unchanged::NameTaken(language)) => Ok(self.ask_for_another_category(asking, language)),
            Err(_) => Ok(self.with_words(self.word(self.full()), words.trim())),
        }
    }

    /// What is to be changed in one is complete.
    pub(super) async fn change_category(
        &mut self,
        (id, version): (CategoryId, u32),
        part: CategoryPart,
        asking: Asking,
    ) -> Result<Reply, Fault> {
        let words = asking.answer(part.field()).unwrap_or_default().to_owned();
        let wanted = match part {
            CategoryPart::Name(language) => {
                CategoryName::parse(&words).map(|name| CategoryChange::Name(language, name))
            }
            CategoryPart::Keywords => Keywords::parse(&words).map(CategoryChange::Keywords),
        };
        let Ok(wanted) = wanted else {
            return Ok(self.nothing_asked());
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, &words)),
        };
        match change(self.tx, permit, (id, version), &wanted).await? {
            Err(Unchanged::NameTaken(language)) => Ok(self.ask_for_another_category(asking, language)),
            done => self.told_of_category(id, done, ("category-saved", &words)).await,
        }
    }

    /// What is so now, or why it is as it was; then with the words that were to be there.
    async fn told_of_category(
        &mut self,
        id: CategoryId,
        done: Result<(), Unchanged>,
        (sentence, words): (&str, &str),
    ) -> Result<Reply, Fault> {
        let lead = match done {
            Ok(()) => return self.show_category(id, Some(self.say(sentence))).await,
            Err(Unchanged::Full) => self.full(),
            Err(Unchanged::LastOne) => self.say("category-last"),
            Err(Unchanged::Meanwhile) => self.say("category-meanwhile"),
            Err(Unchanged::Unknown | Unchanged::NameTaken(_)) => self.say("category-unknown"),
        };
        let told = self.show_category(id, Some(lead)).await?;
        Ok(self.with_words(told, words))
    }

    fn full(&self) -> String {
        self.lang().say("categories-full", &[("most", MOST_OFFERED.into())])
    }

    /// The name is that of another one in this language; what else was answered is kept.
    fn ask_for_another_category(&mut self, mut asking: Asking, language: Language) -> Reply {
        let field = FieldKind::CategoryName(language);
        let name = asking.answer(field).unwrap_or_default().to_owned();
        let taken = self.lang().say("category-taken", &[("name", name.into())]);
        if let Intent::Submit { .. } = self.inbound.intent {
            return self.keep_form(asking, vec![taken]);
        }
        asking.answers.retain(|(id, _)| id != field.code());
        let reply = self.question(&asking, Some(taken));
        self.dialog.asking = Some(asking);
        reply
    }

    /// What it is now, for those who may change it; or what they read instead.
    async fn found_category(&mut self, id: CategoryId) -> Result<Result<Category, Reply>, Fault> {
        if let Err(refused) = self.permit::<Categories>().await? {
            return Ok(Err(refused));
        }
        let all = categories::list_now(self.tx).await?;
        Ok(match all.into_iter().find(|category| category.id == id) {
            Some(category) => Ok(category),
            None => Err(self.list_categories(0, Some(self.say("category-unknown"))).await?),
        })
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn to(language: Language, label: &str, press: CategoryPress) -> Button {
    button(language, label, Press::Categories(press), Look::Plain)
}
