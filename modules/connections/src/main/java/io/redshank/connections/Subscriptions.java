package io.redshank.connections;

import static io.vertx.redis.client.Command.PUBLISH;

import io.redshank.events.Answer;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SessionUnsubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.model.ExclusiveFilter;
import io.redshank.model.MessageId;
import io.redshank.model.SharedFilter;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.redis.PoolConfig;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Writes the subscriptions of sessions that persist, and tells applications what devices subscribe to. */
final class Subscriptions {
    private final BackendOptions options;
    private final Supplier<EventCommands> newCommands;
    private final SessionStore sessions;
    private final ClientTurns turns;
    private final PoolConfig sessionPool;

    Subscriptions(
            BackendOptions options, Supplier<EventCommands> newCommands, SessionStore sessions, ClientTurns turns) {
        this.options = options;
        this.newCommands = newCommands;
        this.sessions = sessions;
        this.turns = turns;
        this.sessionPool = options.sessionPool();
    }

    Future<Answer> onSubscribed(SessionSubscribed event) {
        return turns.take(event.client(), () -> claim(event).compose(own -> subscribe(event)))
                .map(Answer.DONE)
                .recover(Failures::toEvent);
    }

    Future<Answer> onUnsubscribed(SessionUnsubscribed event) {
        return turns.take(
                        event.client(),
                        () -> sessions.owns(event.client(), event.filter())
                                .recover(Subscriptions::notOwnedIfDamaged)
                                .compose(own -> unsubscribe(event, own)))
                .map(Answer.DONE)
                .recover(Failures::toEvent);
    }

    /** An exclusive subscription is the client's before anything else is done. */
    private Future<Void> claim(SessionSubscribed event) {
        TopicFilter filter = event.subscription().filter();
        return ExclusiveFilter.isOne(filter)
                ? sessions.exclusives()
                        .claim(event.client(), ExclusiveFilter.of(filter).topics(), event.persists())
                : Future.succeededFuture();
    }

    /** What hooks are told: an exclusive subscription is one as any other to them. */
    private static TopicFilter plain(TopicFilter filter) {
        return ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter).topics() : filter;
    }

    private Future<Void> subscribe(SessionSubscribed event) {
        Subscription subscription = event.subscription();
        EventCommands commands = newCommands.get();
        if (event.persists() && event.origin() != SubscriptionOrigin.STORED) {
            sessions.subscribe(event.client(), subscription, commands);
        }
        MessageId start = event.start();
        if (event.persists() && start != null) {
            sessions.start(event.client(), subscription.filter(), start, event.millis(), commands);
        }
        if (event.origin() == SubscriptionOrigin.DEVICE) {
            notify(Notice.ofSubscribed(event.client(), subscription), commands);
        }
        TopicFilter filter = plain(subscription.filter());
        HookVariables values = HookVariables.ofSubscribed(event.client(), filter, subscription.qos());
        runHooks(Hook.SESSION_SUBSCRIBED, filter, values, commands);
        return commands.done();
    }

    private Future<Void> unsubscribe(SessionUnsubscribed event, boolean own) {
        EventCommands commands = newCommands.get();
        if (own) {
            sessions.unsubscribe(event.client(), event.filter(), commands);
        }
        if (SharedFilter.isOne(event.filter())) {
            sessions.leave(event.client(), SharedFilter.of(event.filter()), commands);
        }
        if (event.origin() == SubscriptionOrigin.DEVICE) {
            notify(Notice.ofUnsubscribed(event.client(), event.filter()), commands);
        }
        TopicFilter filter = plain(event.filter());
        if (ExclusiveFilter.isOne(event.filter())) {
            sessions.exclusives().release(event.client(), filter, commands);
        }
        HookVariables values = HookVariables.ofUnsubscribed(event.client(), filter);
        runHooks(Hook.SESSION_UNSUBSCRIBED, filter, values, commands);
        return commands.done();
    }

    private void notify(Notice notice, EventCommands commands) {
        commands.add(sessionPool.name(), "notice", PUBLISH, sessionPool.channel(), notice.text());
    }

    private void runHooks(Hook hook, TopicFilter filter, HookVariables values, EventCommands commands) {
        for (HookEntry entry : options.hooks().entries(hook)) {
            if (entry.appliesTo(filter)) {
                commands.tryRun(entry, values); // the subscription itself does not depend on them
            }
        }
    }

    private static Future<Boolean> notOwnedIfDamaged(Throwable failure) {
        return Failures.isUnavailable(failure) ? Future.failedFuture(failure) : Future.succeededFuture(false);
    }
}
