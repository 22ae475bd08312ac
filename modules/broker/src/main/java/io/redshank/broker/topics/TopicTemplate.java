package io.redshank.broker.topics;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic with places for a client's id ({@code ${clientid}}), its user name ({@code ${username}}) and what a regular expression
 * has captured ({@code $1}). A dollar sign before anything else is itself, as in {@code $delayed/5/$1}.
 */
public final class TopicTemplate {
    /** How many groups a template can name. */
    public static final int MOST_GROUPS = 99;

    private static final Pattern PLACE = Pattern.compile("\\$(?:\\{([^}]*)\\}|(\\d{1,2}))");

    private sealed interface Part permits Literal, Group, Id, Username {}

    private record Literal(String text) implements Part {}

    private record Group(int number) implements Part {}

    private record Id() implements Part {}

    private record Username() implements Part {}

    private final String text;
    private final List<Part> parts;

    private TopicTemplate(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /** Reads a template that may use so many groups; throws {@link InvalidRuleException} if it names another place. */
    public static TopicTemplate of(String text, int groups) {
        if (text.isEmpty()) {
            throw new InvalidRuleException("a topic has at least one character");
        }
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            parts.add(new Literal(text.substring(end, place.start())));
            String name = place.group(1);
            parts.add(name != null ? named(name) : group(Integer.parseInt(place.group(2)), groups));
            end = place.end();
        }
        parts.add(new Literal(text.substring(end)));
        return new TopicTemplate(text, parts);
    }

    private static Part named(String name) {
        return switch (name) {
            case "clientid" -> new Id();
            case "username" -> new Username();
            default -> throw new InvalidRuleException("${" + name + "}: there are ${clientid} and ${username}");
        };
    }

    private static Part group(int number, int groups) {
        if (number < 1 || number > groups) {
            String there =
                    groups == 0 ? "no group is captured" : groups == 1 ? "there is $1" : "there are $1 to $" + groups;
            throw new InvalidRuleException("$" + number + ": " + there);
        }
        return new Group(number);
    }

    /** Whether its own text, without what is put in, holds a wildcard. */
    boolean hasWildcard() {
        return parts.stream().anyMatch(part -> part instanceof Literal literal && isWild(literal.text()));
    }

    /** Whether it comes out differently for different clients. */
    boolean namesTheClient() {
        return namesTheUser() || parts.stream().anyMatch(Id.class::isInstance);
    }

    /** Whether it needs a user name. */
    boolean namesTheUser() {
        return parts.stream().anyMatch(Username.class::isInstance);
    }

    /**
     * The topic for one client.
     *
     * @param groups what was captured, by number; null for a group that has nothing
     * @throws MalformedMqttException if the client has a wildcard in its name: it must not come by more than one name's topics
     */
    String filled(ClientId client, @Nullable String username, IntFunction<@Nullable String> groups) {
        StringBuilder filled = new StringBuilder(text.length() + 32);
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                filled.append(literal.text());
            } else if (part instanceof Group group) {
                String captured = groups.apply(group.number());
                filled.append(captured == null ? "" : captured);
            } else if (part instanceof Id) {
                filled.append(tame("client id", client.value()));
            } else {
                filled.append(tame("user name", username == null ? "" : username));
            }
        }
        return filled.toString();
    }

    private static String tame(String what, String name) {
        if (isWild(name)) {
            throw new MalformedMqttException(what + " with a wildcard in a topic of its own", name);
        }
        return name;
    }

    private static boolean isWild(String part) {
        return part.indexOf('+') >= 0 || part.indexOf('#') >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
