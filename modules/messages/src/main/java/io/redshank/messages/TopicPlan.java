package io.redshank.messages;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the {@code message.publish} entries of this module have to do for a topic, pool by pool. The pool of the first entry
 * that stores comes first: its log gives messages their order.
 *
 * @param stages one for each pool
 */
record TopicPlan(List<Stage> stages) {
    /**
     * What there is to do on one pool.
     *
     * @param append the entries that store the message in the topic's log
     * @param latest the entries that keep it as the topic's latest
     * @param commands the entries that run commands
     */
    record Stage(String pool, List<HookEntry> append, List<HookEntry> latest, List<HookEntry> commands) {
        boolean stores() {
            return !append.isEmpty() || !latest.isEmpty();
        }

        /** The first entry that stores; there must be one. */
        HookEntry first() {
            return append.isEmpty() ? latest.get(0) : append.get(0);
        }
    }

    static TopicPlan of(HookTable hooks, TopicName topic) {
        List<HookEntry> entries = hooks.entries(Hook.MESSAGE_PUBLISH).stream()
                .filter(entry -> entry.appliesTo(topic))
                .toList();
        List<Stage> stages = new ArrayList<>();
        Stream.concat(entries.stream().filter(TopicPlan::appends), entries.stream())
                .map(HookEntry::pool)
                .distinct()
                .map(pool -> stage(pool, entries))
                .filter(stage -> stage.stores() || !stage.commands().isEmpty())
                .forEach(stages::add);
        return new TopicPlan(List.copyOf(stages));
    }

    /** Whether a message of this topic is put into a log. */
    boolean isLogged() {
        return !stages.isEmpty() && !stages.get(0).append().isEmpty();
    }

    private static Stage stage(String pool, List<HookEntry> entries) {
        List<HookEntry> here =
                entries.stream().filter(entry -> entry.pool().equals(pool)).toList();
        return new Stage(
                pool,
                here.stream().filter(TopicPlan::appends).toList(),
                here.stream()
                        .filter(entry -> entry.does(BackendFunction.ON_MESSAGE_STORE_KEEP_LATEST))
                        .toList(),
                here.stream()
                        .filter(entry -> entry.action() instanceof CommandsAction)
                        .toList());
    }

    private static boolean appends(HookEntry entry) {
        return entry.does(BackendFunction.ON_MESSAGE_PUBLISH);
    }
}
