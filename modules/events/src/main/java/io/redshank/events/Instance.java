package io.redshank.events;

import io.redshank.model.NodeName;

/** One verticle instance of a concern: its number, from 0, among those of its node. */
public record Instance(NodeName node, int number) {
    @Override
    public String toString() {
        return node + "/" + number;
    }
}
