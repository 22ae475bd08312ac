package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;

/** The wire forms of what is read page by page, and of what asks for it. */
final class PageBodies {
    static final Body<MessagePage> MESSAGES = Body.of(
            (out, page) -> {
                out.writeList(page.messages(), Values::write);
                out.writeTextOrNull(page.cursor());
                out.writeFlag(page.more());
                Values.writeIdOrNull(out, page.upTo());
            },
            in -> new MessagePage(
                    in.readList(Values::message), in.readTextOrNull(), in.readFlag(), Values.idOrNull(in)));

    static final Body<RetainedLookup> RETAINED_LOOKUP = Body.of(
            (out, lookup) -> {
                out.writeText(lookup.client().value());
                out.writeText(lookup.filter().value());
                out.writeTextOrNull(lookup.cursor());
            },
            in -> new RetainedLookup(Values.client(in), new TopicFilter(in.readText()), in.readTextOrNull()));

    static final Body<BacklogFetch> BACKLOG_FETCH = Body.of(
            (out, fetch) -> {
                out.writeText(fetch.client().value());
                Values.write(out, fetch.subscription());
                Values.writeIdOrNull(out, fetch.start());
                Values.writeIdOrNull(out, fetch.since());
                out.writeFlag(fetch.persists());
                out.writeTextOrNull(fetch.cursor());
            },
            in -> new BacklogFetch(
                    Values.client(in),
                    Values.subscription(in),
                    Values.idOrNull(in),
                    Values.idOrNull(in),
                    in.readFlag(),
                    in.readTextOrNull()));

    static final Body<AppendedLookup> APPENDED_LOOKUP = Body.of(
            (out, lookup) -> {
                out.writeText(lookup.client().value());
                out.writeList(lookup.filters(), (filters, filter) -> filters.writeText(filter.value()));
                out.writeLong(lookup.since());
                out.writeLong(lookup.until());
                out.writeTextOrNull(lookup.cursor());
            },
            in -> new AppendedLookup(
                    Values.client(in),
                    in.readList(filters -> new TopicFilter(filters.readText())),
                    in.readLong(),
                    in.readLong(),
                    in.readTextOrNull()));

    static final Body<TopicPage> TOPICS = Body.of(
            (out, page) -> {
                out.writeList(page.topics(), (topics, topic) -> topics.writeText(topic.value()));
                out.writeTextOrNull(page.cursor());
            },
            in -> new TopicPage(in.readList(topics -> new TopicName(topics.readText())), in.readTextOrNull()));

    static final Body<MessagesFetch> MESSAGES_FETCH = Body.of(
            (out, fetch) -> {
                out.writeText(fetch.client().value());
                out.writeList(fetch.messages(), (messages, wanted) -> {
                    messages.writeText(wanted.topic().value());
                    messages.writeText(wanted.id().value());
                    messages.writeFlag(wanted.logged());
                });
            },
            in -> new MessagesFetch(
                    Values.client(in),
                    in.readList(messages -> new MessagesFetch.Wanted(
                            new TopicName(messages.readText()),
                            new MessageId(messages.readText()),
                            messages.readFlag()))));

    private PageBodies() {}
}
