package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.AppendedLookup;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.NodesReunited;
import io.redshank.events.TopicPage;
import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other nodes have stored while they could not be reached: sessions that have a place in the logs read on there. Confined to
 * the instance's event loop.
 */
final class Reunion {
    private static final Logger log = LoggerFactory.getLogger(Reunion.class);
    private static final ClientId ASKER = new ClientId("$SYS");
    private static final List<TopicFilter> ALL = List.of(new TopicFilter("#"));
    private static final long RETRY_MILLIS = 1000;

    private final BrokerInstance instance;
    private final Routing routing;

    Reunion(BrokerInstance instance, Routing routing) {
        this.instance = instance;
        this.routing = routing;
    }

    /** Looks through the topics that were appended to since then. */
    Future<Answer> onReunited(NodesReunited event) {
        walk(event.sinceMillis(), System.currentTimeMillis(), null);
        return Future.succeededFuture(Answer.DONE);
    }

    private void walk(long since, long until, @Nullable String cursor) {
        instance.outbox
                .request(
                        EventTypes.APPENDED_LOOKUP,
                        Concern.MESSAGES,
                        new AppendedLookup(ASKER, ALL, since, until, cursor))
                .onSuccess(page -> onPage(page, since, until))
                .onFailure(failure -> {
                    log.debug("Topics of stored messages not read, trying again [cause={}]", failure.getMessage());
                    instance.vertx.setTimer(RETRY_MILLIS, again -> walk(since, until, cursor));
                });
    }

    private void onPage(TopicPage page, long since, long until) {
        for (TopicName topic : page.topics()) {
            MessageId last = instance.order.last(topic);
            routing.readBehind(topic, last == null ? MessageClock.endOf(since) : last);
        }
        if (page.cursor() != null) {
            walk(since, until, page.cursor());
        }
    }
}
