package io.redshank.events;

import io.redshank.model.MessageId;
import java.util.List;

/**
 * What is kept of a shared subscription.
 *
 * @param era in which its owner deals it out; 0 if it is not kept, and then there is nothing else
 * @param fresh whether it is kept since now
 * @param fromAnother whether another instance has dealt it out before
 * @param start behind which id it gets what is stored
 * @param caughtUpMillis up to when it had dealt out everything, in milliseconds since 1970
 * @param given the messages at QoS 2 that are ahead of its bookmarks, and a member's for good
 */
public record ShareFound(
        long era, boolean fresh, boolean fromAnother, String start, long caughtUpMillis, List<MessageId> given) {
    /** One that is not kept. */
    public static final ShareFound NONE = new ShareFound(0, false, false, "", 0, List.of());

    /** Keeps a copy of the list. */
    public ShareFound {
        given = List.copyOf(given);
    }
}
