use super::*;

#[test]
fn every_form_survives_the_way_there_and_back() {
    let ticket = TicketId(12);
    let open = |urgency, category, stranger| FormKind::Open {
        urgency,
        category,
        stranger,
        follows: None,
        requester: None,
    };
    let change = |part| FormKind::ChangeCategory {
        category: CategoryId(3),
        version: 7,
        part,
    };
    let new_question = |kind| FormKind::NewQuestion {
        category: CategoryId(3),
        kind,
    };
    let change_question = |part| FormKind::ChangeQuestion {
        question: QuestionId(3),
        version: 7,
        part,
    };
    let following = FormKind::Open {
        urgency: None,
        category: None,
        stranger: false,
        follows: Some(ticket),
        requester: Some(AccountId(7)),
    };
    for form in [
        following,
        FormKind::SignUp,
        FormKind::Join { asks_email: true },
        FormKind::Join { asks_email: false },
        FormKind::Confirm,
        open(None, None, true),
        open(Some(Urgency::High), Some(CategoryId(3)), false),
        FormKind::EditDraft,
        FormKind::Search,
        FormKind::Comment(ticket),
        FormKind::Note(ticket),
        FormKind::Ask(ticket),
        FormKind::Resolve(ticket),
        FormKind::Reopen(ticket),
        FormKind::Retitle(ticket),
        FormKind::Describe(ticket),
        FormKind::HandOver { ticket, to: None },
        FormKind::HandOver {
            ticket,
            to: Some(AccountId(7)),
        },
        FormKind::Remark(ticket),
        FormKind::NewCanned,
        FormKind::RenameCanned(CannedId(3)),
        FormKind::RewriteCanned(CannedId(3)),
        FormKind::NewCategory,
        change(CategoryPart::Name(Language::Fr)),
        change(CategoryPart::Name(Language::En)),
        change(CategoryPart::Keywords),
        new_question(QuestionKind::Short),
        new_question(QuestionKind::Long),
        new_question(QuestionKind::Choice),
        change_question(QuestionPart::Words),
        change_question(QuestionPart::Choices),
        FormKind::Answers { again: true },
        FormKind::Answers { again: false },
    ] {
        assert_eq!(form.to_string().parse(), Ok(form));
    }
    assert_eq!("open:::new".parse(), Ok(open(None, None, true)));
}
