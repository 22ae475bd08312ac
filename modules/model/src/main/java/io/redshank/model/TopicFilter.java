package io.redshank.model;

/** What a subscription asks for: topic levels, {@code +} for any one level, a last {@code #} for all below. */
public record TopicFilter(String value) {
    /** Rejects an empty filter, misplaced wildcards, and text that MQTT strings may not hold. */
    public TopicFilter {
        if (value.isEmpty()) {
            throw new MalformedMqttException("topic filter is empty", value); // [MQTT-4.7.3-1]
        }
        value = Utf8.checked("topic filter", value);
        for (int start = 0; start <= value.length(); ) {
            int end = levelEnd(value, start);
            checkLevel(value, start, end);
            start = end + 1;
        }
    }

    private static void checkLevel(String value, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = value.charAt(i);
            if ((c == '#' || c == '+') && end - start > 1) {
                throw new MalformedMqttException(c + " does not stand alone in its level", value); // [MQTT-4.7.1-1, -2]
            }
            if (c == '#' && end != value.length()) {
                throw new MalformedMqttException("# is not the last level", value); // [MQTT-4.7.1-1]
            }
        }
    }

    /** Whether {@code +} or {@code #} occurs: if not, the filter is the name of its only topic. */
    public boolean hasWildcard() {
        return value.indexOf('+') >= 0 || value.indexOf('#') >= 0;
    }

    /** Whether a message on this topic is asked for. A leading wildcard does not take in {@code $} topics [MQTT-4.7.2-1]. */
    public boolean matches(TopicName topic) {
        return covers(topic.value());
    }

    /** Whether every topic that {@code other} matches is matched by this filter too. */
    public boolean covers(TopicFilter other) {
        return covers(other.withLevelBelow());
    }

    /** The same topics, said with the level that they must have because no topic is empty [MQTT-4.7.3-1]. */
    private String withLevelBelow() {
        return switch (value) {
            case "#" -> "+/#";
            case "/#" -> "/+/#";
            default -> value;
        };
    }

    /** The topic of a filter without wildcards. */
    public TopicName asTopic() {
        return new TopicName(value);
    }

    private boolean covers(String other) {
        if (other.charAt(0) == '$' && value.charAt(0) != '$') {
            return false;
        }
        int mine = 0;
        int theirs = 0;
        while (true) {
            int myEnd = levelEnd(value, mine);
            int theirEnd = levelEnd(other, theirs);
            if (isLevel(value, mine, myEnd, '#')) {
                return true;
            }
            if (isLevel(other, theirs, theirEnd, '#') || !levelCovers(mine, myEnd, other, theirs, theirEnd)) {
                return false;
            }
            boolean myLast = myEnd == value.length();
            boolean theirLast = theirEnd == other.length();
            if (theirLast) {
                return myLast || value.startsWith("/#", myEnd) && value.length() == myEnd + 2;
            }
            if (myLast) {
                return false;
            }
            mine = myEnd + 1;
            theirs = theirEnd + 1;
        }
    }

    private boolean levelCovers(int start, int end, String other, int otherStart, int otherEnd) {
        if (isLevel(value, start, end, '+')) {
            return true;
        }
        return end - start == otherEnd - otherStart && value.regionMatches(start, other, otherStart, end - start);
    }

    private static boolean isLevel(String text, int start, int end, char wildcard) {
        return end - start == 1 && text.charAt(start) == wildcard;
    }

    private static int levelEnd(String text, int start) {
        int slash = text.indexOf('/', start);
        return slash < 0 ? text.length() : slash;
    }

    @Override
    public String toString() {
        return value;
    }
}
