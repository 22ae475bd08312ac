package io.redshank.broker;

import io.redshank.broker.sys.StatusText;
import io.redshank.broker.sys.SysOptions;
import io.redshank.events.Concern;
import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.events.EventTypes;
import io.redshank.events.StatusChanged;
import io.redshank.events.StatusValue;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks everybody what they have counted, again and again, and tells all broker instances what is to be said of it under {@code
 * $SYS}. One instance of a node does this for all of the node. Nobody is waited for: who has not answered by the next time is not
 * asked again until then, and what was known of it last still counts. Confined to one event loop.
 */
final class StatusReport {
    private static final Logger log = LoggerFactory.getLogger(StatusReport.class);
    private static final List<Concern> COUNTING =
            List.of(Concern.BROKER, Concern.CONNECTIONS, Concern.MESSAGES, Concern.RETAINED);

    private final BrokerInstance instance;
    private final SysOptions options;
    private final StatusText text;
    private final Map<Concern, Counts> known = new EnumMap<>(Concern.class);
    private final Set<Concern> asked = EnumSet.noneOf(Concern.class);
    private long timer = -1;

    StatusReport(BrokerInstance instance) {
        this.instance = instance;
        this.options = instance.options.sys();
        this.text = new StatusText(options.version(), System.nanoTime());
    }

    /** Reports now, and from now on, if this is the instance that does. */
    void start() {
        if (instance.number == 0 && !options.interval().isZero()) {
            timer = instance.vertx.setPeriodic(0, options.interval().toMillis(), again -> COUNTING.forEach(this::ask));
        }
    }

    void stop() {
        instance.vertx.cancelTimer(timer);
    }

    private void ask(Concern concern) {
        if (!asked.add(concern)) {
            return;
        }
        List<Future<Counts>> answers =
                instance.outbox.requestOfAll(EventTypes.COUNTS_LOOKUP, concern, new CountsLookup());
        Future.all(answers)
                .onSuccess(all -> {
                    asked.remove(concern);
                    onCounts(concern, all.<Counts>list().stream().reduce(Counts.NONE, Counts::plus));
                })
                .onFailure(failure -> {
                    asked.remove(concern);
                    log.debug("Counts not known [concern={}, cause={}]", concern, failure.getMessage());
                });
    }

    private void onCounts(Concern concern, Counts counts) {
        known.put(concern, counts);
        if (concern == Concern.BROKER) {
            text.measured(counts, System.nanoTime());
        }
        Counts all = known.values().stream().reduce(heap(), Counts::plus);
        List<StatusValue> news = text.news(all);
        if (!news.isEmpty()) {
            instance.outbox.sendToAll(EventTypes.STATUS_CHANGED, Concern.BROKER, new StatusChanged(news));
        }
    }

    private static Counts heap() {
        Runtime runtime = Runtime.getRuntime();
        return new Counts(Map.of(Count.HEAP_USED, runtime.totalMemory() - runtime.freeMemory()));
    }
}
