package io.redshank.model;

/**
 * The filter of an exclusive subscription: one client at a time has it.
 *
 * @param whole as the client spells it, {@code $exclusive/<filter>}
 * @param topics what the messages' topics must match
 */
public record ExclusiveFilter(TopicFilter whole, TopicFilter topics) {
    private static final String PREFIX = "$exclusive/";

    /** Whether a filter asks for an exclusive subscription, a well-formed one or not. */
    public static boolean isOne(TopicFilter filter) {
        return filter.value().startsWith(PREFIX);
    }

    /** The parts of a filter that {@linkplain #isOne is one}; rejects one without a filter behind the prefix. */
    public static ExclusiveFilter of(TopicFilter whole) {
        TopicFilter topics = new TopicFilter(whole.value().substring(PREFIX.length()));
        if (isOne(topics) || SharedFilter.isOne(topics)) {
            throw new MalformedMqttException(
                    "an exclusive subscription of a filter that is special itself", whole.value());
        }
        return new ExclusiveFilter(whole, topics);
    }
}
