package io.redshank.events;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody has counted up to a moment. What is absent is not known, which is not 0. */
public record Counts(Map<Count, Long> values) {
    /** Nothing counted. */
    public static final Counts NONE = new Counts(Map.of());

    /** The wire form. */
    static final Body<Counts> BODY = Body.of(Counts::write, Counts::read);

    /** Keeps a copy, in the order of the catalogue. */
    public Counts {
        Map<Count, Long> ordered = new EnumMap<>(Count.class);
        ordered.putAll(values);
        values = Collections.unmodifiableMap(ordered);
    }

    /** One of them; null if it is not known. */
    public @Nullable Long get(Count count) {
        return values.get(count);
    }

    /** What this and another one have counted together. */
    public Counts plus(Counts other) {
        Map<Count, Long> joined = new EnumMap<>(Count.class);
        joined.putAll(values);
        other.values.forEach((count, value) ->
                joined.merge(count, value, count.kind() == Count.Kind.SHARED_LEVEL ? Long::max : Long::sum));
        return new Counts(joined);
    }

    private static void write(WireWriter out, Counts counts) {
        List<Map.Entry<Count, Long>> entries = new ArrayList<>(counts.values.entrySet());
        out.writeList(entries, (to, entry) -> {
            to.writeByte(entry.getKey().code());
            to.writeLong(entry.getValue());
        });
    }

    private static Counts read(WireReader in) {
        Map<Count, Long> values = new EnumMap<>(Count.class);
        in.readList(from -> Map.entry(Count.of(from.readByte()), from.readLong()))
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return new Counts(values);
    }
}
