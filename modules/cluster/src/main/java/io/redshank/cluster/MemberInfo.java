package io.redshank.cluster;

import io.redshank.model.NodeName;

/** Trial. */
public record MemberInfo(NodeName node, long incarnation) {}
