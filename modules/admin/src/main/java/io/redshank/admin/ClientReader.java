package io.redshank.admin;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads what is stored of clients, from the pools that are asked when one connects. */
final class ClientReader {
    private final Estate estate;

    ClientReader(Estate estate) {
        this.estate = estate;
    }

    /** All of one client. */
    Future<ClientState> read(ClientId client) {
        List<Map<String, String>> presence = new ArrayList<>();
        List<Map<String, String>> subscriptions = new ArrayList<>();
        List<Map<String, String>> inflight = new ArrayList<>();
        return Steps.each(
                        estate.presence(),
                        pool -> hash(pool, Keys.client(client)).onSuccess(presence::add))
                .compose(asked -> Steps.each(
                        lookups(),
                        pool -> hash(pool, Keys.subscriptions(client)).onSuccess(subscriptions::add)))
                .compose(asked -> hash(estate.sessions(), Keys.inflight(client)).onSuccess(inflight::add))
                .compose(asked -> hash(estate.sessions(), Keys.session(client)))
                .map(session -> new ClientState(
                        client,
                        presence.stream()
                                .filter(hash -> !hash.isEmpty())
                                .findFirst()
                                .orElse(Map.of()),
                        new SessionView(client, session),
                        ClientState.merged(subscriptions),
                        inflight.get(0)));
    }

    private List<RedisLink> lookups() {
        Set<RedisLink> pools = new LinkedHashSet<>();
        pools.add(estate.sessions());
        Stream.of(Hook.CLIENT_CONNECTED, Hook.SESSION_CREATED)
                .flatMap(hook -> estate.options().hooks().entries(hook, BackendFunction.ON_SUBSCRIBE_LOOKUP).stream())
                .map(HookEntry::pool)
                .forEach(pool -> pools.add(estate.linkTo(pool)));
        return List.copyOf(pools);
    }

    private static Future<Map<String, String>> hash(RedisLink link, String key) {
        return Replies.to(List.of(Request.cmd(Command.HGETALL).arg(key)), link).map(replies -> replies.hash(0));
    }
}
