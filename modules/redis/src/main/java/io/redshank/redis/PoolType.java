package io.redshank.redis;

/** How a pool finds its server. */
public enum PoolType {
    /** The servers are tried in turn; normally there is one. */
    SINGLE,
    /** The servers are sentinels, asked at each connect which server is the master. */
    SENTINEL,
    /** The servers are some of a Redis Cluster, which are asked where its masters are. */
    CLUSTER
}
