package io.redshank.retained;

import io.redshank.model.TopicFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.RetainedMember;
import io.redshank.redis.Script;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * What a piece of the search for a filter in the index has found.
 *
 * @param members the members found, in order
 * @param next where the search goes on
 * @param done whether there is nothing more to find
 * @param steps how many places of the index were looked at
 */
record RetainedScan(List<byte[]> members, byte[] next, boolean done, int steps) {
    /*
     * The index is a sorted set in which all scores are 0, so its order is that of the members' bytes, and a member is a topic
     * whose slashes are NUL (see RetainedMember). All topics below a prefix then lie side by side: from the prefix itself, by
     * prefix + NUL + anything, up to prefix + "\1".
     *
     * The script is a skip scan. From a place in the order it takes the first member at or behind it, and compares its levels
     * with those of the filter. Then it goes on
     *   - a literal level of the member is less than the filter's: at that literal (and those behind it, up to the next '+');
     *   - it is greater: nothing more can match until the level that the last '+' stood for changes, so behind all that begins
     *     with the levels up to there; without a '+' before, that was all;
     *   - the member has too few levels: at the member with the filter's next levels added;
     *   - it has too many, or matches: as when greater, since nothing else below the last '+' matches;
     *   - the filter ends in '#' and the levels before match: they and all below them are one range, which is taken as it is;
     *   - the filter starts with a wildcard and the member with '$': behind all that start with '$' [MQTT-4.7.2-1].
     * So for sensors/+/temp two steps find each match, however many topics a sensor has. The bad case is a filter whose '+'
     * takes many values without a match; that is why a call makes a limited number of steps and says where to go on: between
     * two calls Redis serves others. What is stored behind that place meanwhile is found, what is stored before it is not: its
     * publisher's message reaches the subscriber live.
     */
    static final Script SCRIPT = Script.ofResource(RetainedScan.class, "retain-scan.lua");

    private static final int MAX_STEPS = 1000;

    /** A call that goes on at this place, which is empty at first. */
    static Request call(TopicFilter filter, byte[] at, int maxFound) {
        List<String> levels = RetainedMember.levels(filter);
        List<Object> args = new ArrayList<>(levels.size() + 3);
        args.add(at);
        args.add(MAX_STEPS);
        args.add(maxFound);
        args.addAll(levels);
        return SCRIPT.call(Keys.RETAINED_INDEX, args.toArray());
    }

    static RetainedScan of(Response reply) {
        List<byte[]> members = new ArrayList<>(reply.size() - 3);
        for (int i = 3; i < reply.size(); i++) {
            members.add(reply.get(i).toBytes());
        }
        return new RetainedScan(
                members,
                reply.get(2).toBytes(),
                reply.get(0).toInteger() == 1,
                reply.get(1).toInteger());
    }
}
