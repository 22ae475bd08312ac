package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.RouteWanted;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filters whose messages this instance wants of other nodes. The node hears of the first subscription to each and of the end
 * of the last one, and tells the others. A node that is on its own has no others. Confined to the instance's event loop.
 */
final class Wanted {
    private static final Logger log = LoggerFactory.getLogger(Wanted.class);
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    private final EventOutbox outbox;
    private final boolean clustered;
    /** Which the other nodes may not know yet. */
    private final Map<TopicFilter, Future<Answer>> untold = new HashMap<>();

    Wanted(EventOutbox outbox, boolean clustered) {
        this.outbox = outbox;
        this.clustered = clustered;
    }

    /** A tree has its first subscription to this filter. */
    void begin(TopicFilter filter) {
        if (concernsOthers(filter)) {
            Future<Answer> told = tell(filter, true);
            untold.put(filter, told);
            told.onComplete(done -> untold.remove(filter, told));
        }
    }

    /** A tree has no subscription to this filter any more. */
    void end(TopicFilter filter) {
        if (concernsOthers(filter)) {
            tell(filter, false)
                    .onFailure(failure ->
                            log.debug("Route not ended [filter={}, cause={}]", filter, failure.getMessage()));
        }
    }

    /** Complete when the other nodes know of this filter: they send what is published from then on. */
    Future<Answer> known(TopicFilter filter) {
        Future<Answer> told = untold.get(filter);
        return told == null ? DONE : told.otherwise(Answer.DONE);
    }

    private boolean concernsOthers(TopicFilter filter) {
        return clustered && !StatusBoard.has(filter);
    }

    private Future<Answer> tell(TopicFilter filter, boolean wanted) {
        return outbox.request(EventTypes.ROUTE_WANTED, Concern.NODE, new RouteWanted(filter, wanted));
    }
}
