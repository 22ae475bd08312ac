package io.redshank.retained;

import io.redshank.model.Message;
import io.redshank.model.TopicName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The topics whose retained message was deleted last. An older message that arrives late, or again, must not come back to life:
 * Redis, where nothing is left to compare it with, could not tell.
 */
final class RecentDeletes {
    private static final int MAX_TOPICS = 1_000;

    private final Map<TopicName, Message> last = new LinkedHashMap<>();

    /** Takes note of what was written. */
    void note(Message written) {
        Message before = last.remove(written.topic());
        if (written.deletesRetained()) {
            last.put(written.topic(), written);
            if (last.size() > MAX_TOPICS) {
                last.remove(last.keySet().iterator().next());
            }
        } else if (before != null && PendingWrite.isOlder(written, before)) {
            last.put(before.topic(), before);
        }
    }

    /** Whether this message's topic was cleared after it was published. */
    boolean haveOvertaken(Message message) {
        Message delete = last.get(message.topic());
        return delete != null && PendingWrite.isOlder(message, delete);
    }
}
