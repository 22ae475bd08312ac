package io.redshank.broker.topics;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A regular expression on topics, in RE2's syntax: its time grows with the length of the topic, and no faster. */
public final class TopicPattern {
    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Compiles the expression; throws {@link InvalidRuleException} if that cannot be done. */
    public static TopicPattern of(String expression) {
        try {
            return new TopicPattern(Pattern.compile(expression));
        } catch (PatternSyntaxException invalid) {
            throw new InvalidRuleException(String.valueOf(invalid.getMessage()));
        }
    }

    /** How many groups it captures. */
    public int groups() {
        return pattern.groupCount();
    }

    /** Where it is found in a topic; null if it is not. */
    @Nullable
    Matcher find(String topic) {
        Matcher matcher = pattern.matcher(topic);
        return matcher.find() ? matcher : null;
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
