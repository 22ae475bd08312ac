package io.redshank.verification.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one subscriber got of each topic, in the order it came. A topic has one publisher, which numbers its messages from 1; at QoS 1
 * a message may come again.
 */
final class Ledger {
    private final Map<String, List<Integer>> byTopic = new HashMap<>();
    private final Map<String, Set<Integer>> distinct = new HashMap<>();

    synchronized void add(String topic, int number) {
        byTopic.computeIfAbsent(topic, first -> new ArrayList<>()).add(number);
        distinct.computeIfAbsent(topic, first -> new HashSet<>()).add(number);
    }

    /** How many of these messages have not come. */
    synchronized int lost(String topic, Set<Integer> acknowledged) {
        return missing(topic, acknowledged).size();
    }

    /** Which of these messages have not come. */
    synchronized List<Integer> missing(String topic, Set<Integer> acknowledged) {
        Set<Integer> came = distinct.getOrDefault(topic, Set.of());
        return acknowledged.stream()
                .filter(number -> !came.contains(number))
                .sorted()
                .toList();
    }

    /** How many have come more than once. */
    synchronized int duplicated(String topic) {
        return byTopic.getOrDefault(topic, List.of()).size()
                - distinct.getOrDefault(topic, Set.of()).size();
    }

    /** How many came after a later one, not counting those that had come before. */
    synchronized int misordered(String topic) {
        Set<Integer> seen = new HashSet<>();
        int highest = 0;
        int wrong = 0;
        for (int number : byTopic.getOrDefault(topic, List.of())) {
            if (seen.add(number)) {
                wrong += number < highest ? 1 : 0;
                highest = Math.max(highest, number);
            }
        }
        return wrong;
    }

    /** The first few that came where they should not have, for who has to find out why. */
    synchronized String around(String topic) {
        List<Integer> numbers = byTopic.getOrDefault(topic, List.of());
        int highest = 0;
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i) <= highest) {
                return topic + " " + numbers.subList(Math.max(0, i - 5), Math.min(numbers.size(), i + 5));
            }
            highest = numbers.get(i);
        }
        return topic + " up to " + highest;
    }
}
