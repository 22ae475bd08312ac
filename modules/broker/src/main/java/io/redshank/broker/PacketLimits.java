package io.redshank.broker;

/**
 * What one packet of a client may hold.
 *
 * @param maxPacketSize the largest packet taken, in bytes; more is refused with 0x95
 * @param maxClientIdLength the longest client id, in characters; more is refused with 0x85
 * @param maxTopicLength the longest topic name or filter, in characters; more is refused with 0x90 or 0x8F
 * @param maxTopicLevels the deepest topic name or filter, 1 to 128 levels; more is refused likewise
 * @param payloadFormatChecked whether a payload that is said to be UTF-8 must be; what is not is refused with 0x99
 */
public record PacketLimits(
        int maxPacketSize,
        int maxClientIdLength,
        int maxTopicLength,
        int maxTopicLevels,
        boolean payloadFormatChecked) {
    /** Whether a topic name or filter is neither too long nor too deep. */
    boolean allowTopic(String topic) {
        if (topic.length() > maxTopicLength) {
            return false;
        }
        int levels = 1;
        for (int i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) {
            levels++;
        }
        return levels <= maxTopicLevels;
    }
}
