package io.redshank.broker.sys;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.StatusValue;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All that is said under {@code $SYS/broker}, and which of it is news. Confined to one event loop. */
public final class StatusText {
    private static final String ROOT = "$SYS/broker/";

    private final String version;
    private final long startNanos;
    private final Loads loads;
    private final Map<String, String> said = new HashMap<>();
    private long uptimeSeconds;
    private long mostClients;
    private long mostHeap;

    /** For a broker of this version that starts now, by a clock that only goes forward. */
    public StatusText(String version, long nowNanos) {
        this.version = version;
        this.startNanos = nowNanos;
        this.loads = new Loads(nowNanos);
    }

    /** Measures the time, and the loads by what the broker itself has counted up to now. */
    public void measured(Counts broker, long nowNanos) {
        uptimeSeconds = TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos);
        loads.measured(broker, nowNanos);
    }

    /** The values that are not what was said before, by what everybody has counted. */
    public List<StatusValue> news(Counts counts) {
        List<StatusValue> news = new ArrayList<>();
        all(counts).forEach((name, text) -> {
            if (!text.equals(said.put(name, text))) {
                news.add(new StatusValue(new TopicName(ROOT + name), text));
            }
        });
        return news;
    }

    private Map<String, String> all(Counts counts) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("version", version);
        all.put("uptime", uptimeSeconds + " seconds");
        all.putAll(Sums.texts(counts));
        mostClients = Math.max(mostClients, known(counts, Count.CONNECTIONS));
        mostHeap = Math.max(mostHeap, known(counts, Count.HEAP_USED));
        all.put("clients/maximum", Long.toString(mostClients));
        all.put("heap/maximum", Long.toString(mostHeap));
        loads.texts().forEach((name, text) -> all.put("load/" + name, text));
        return all;
    }

    private static long known(Counts counts, Count count) {
        Long value = counts.get(count);
        return value == null ? 0 : value;
    }
}
