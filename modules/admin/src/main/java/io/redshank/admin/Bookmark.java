package io.redshank.admin;

import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From where on a client will be given a topic's messages.
 *
 * @param written what its bookmark says; null if it has none
 * @param start behind which the client is given messages; null if it is given those only that come from now on
 * @param inLog whether the bookmark's id is still in the log
 */
record Bookmark(@Nullable String written, @Nullable MessageId start, boolean inLog) {
    private static final String BEGINNING = "0";

    /** That of a client, for the subscriptions that match. */
    static Future<Bookmark> of(ClientState state, TopicName topic, List<Match> matches, RedisLink link) {
        List<Request> questions = List.of(Request.cmd(Command.GET).arg(Keys.acked(state.client(), topic)));
        return Replies.to(questions, link).compose(replies -> {
            String text = replies.text(0);
            String written = text == null || text.isEmpty() ? null : text;
            MessageId start = startOf(state, matches, written);
            return written == null
                    ? Future.succeededFuture(new Bookmark(null, start, false))
                    : new LogView(link, topic)
                            .rank(new MessageId(written))
                            .map(rank -> new Bookmark(written, start, rank != null));
        });
    }

    /** A subscription with wildcards begins where it was made, if the bookmark is not behind that; one of a topic if it has none. */
    private static @Nullable MessageId startOf(ClientState state, List<Match> matches, @Nullable String written) {
        MessageId bookmark = written == null ? null : new MessageId(written);
        boolean exact = matches.stream().anyMatch(match -> match.isRead() && match.isExact());
        if (exact && bookmark != null) {
            return bookmark;
        }
        MessageId earliest = null;
        for (Match match : matches) {
            MessageId made = match.isRead() && (!exact || match.isExact())
                    ? state.session().start(match.whole())
                    : null;
            if (made != null && (earliest == null || earliest.isAfter(made))) {
                earliest = made;
            }
        }
        if (earliest == null || bookmark == null || BEGINNING.equals(written)) {
            return earliest == null ? bookmark : earliest;
        }
        boolean comparable = MessageClock.microsOf(bookmark) >= 0;
        return comparable && earliest.isAfter(bookmark) ? earliest : bookmark;
    }

    String words(boolean history) {
        if (written == null) {
            return start == null
                    ? history
                            ? "none: the client begins with what first_fetch says"
                            : "none: the client is given what comes from now on"
                    : "none: the client is given what came after its subscription, " + Times.withTime(start);
        }
        if (written.equals(BEGINNING)) {
            return "0, before the first message";
        }
        return Times.withTime(new MessageId(written)) + (inLog ? ", in the log" : ", which is not in the log any more");
    }
}
