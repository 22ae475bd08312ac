package io.redshank.redis;

import io.redshank.model.ClientId;
import io.redshank.model.SharedFilter;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the hash of a shared subscription: {@code era}, which rises with each owner, {@code owner}, its name, {@code start},
 * {@code caught_up} and {@code members}, a field {@code by:…} for each client whose session persists, so many as that says, and {@code
 * to:…} for each message at QoS 2 that is a client's for good and not behind its bookmark: the place in the order of what the client
 * is sent, a space, and the client's id.
 */
public final class ShareScripts {
    /** An instance deals it out; {@code share_open.lua} says how it is asked. */
    public static final Script OPEN = Script.ofResource(ShareScripts.class, "share_open.lua");

    /** A message becomes a client's; {@code share_claim.lua} says how it is asked. */
    public static final Script CLAIM = Script.ofResource(ShareScripts.class, "share_claim.lua");

    /** All up to a time is dealt out; {@code share_caught_up.lua} says how it is asked. */
    public static final Script CAUGHT_UP = Script.ofResource(ShareScripts.class, "share_caught_up.lua");

    /** A session has no part in it any more. */
    public static final Script LEAVE = Script.ofResource(ShareScripts.class, "share_leave.lua");

    private ShareScripts() {}

    /** The field of a message at QoS 2 that is a client's. */
    public static String given(String id) {
        return "to:" + id;
    }

    /** A session has no part in it any more; with the last one goes its bookmark, if it is of one topic. */
    public static Request leave(SharedFilter filter, ClientId client) {
        List<String> keys = new ArrayList<>(List.of(Keys.share(filter.whole())));
        if (!filter.topics().hasWildcard()) {
            keys.add(Keys.acked(filter.reader(), filter.topics().asTopic()));
        }
        return LEAVE.callOn(keys, client.value());
    }
}
