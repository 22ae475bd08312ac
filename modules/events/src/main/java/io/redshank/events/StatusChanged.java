package io.redshank.events;

import java.util.List;

/** The values under {@code $SYS} that are not what they were. */
public record StatusChanged(List<StatusValue> values) {
    /** Keeps a copy of the list. */
    public StatusChanged {
        values = List.copyOf(values);
    }
}
