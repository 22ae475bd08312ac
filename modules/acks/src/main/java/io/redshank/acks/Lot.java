package io.redshank.acks;

import java.util.List;
import java.util.Map;

/** What goes to one pool at once: chores in order, then bookmarks by their key. */
record Lot(List<Chore> chores, Map<String, Place> bookmarks) {
    boolean isEmpty() {
        return chores.isEmpty() && bookmarks.isEmpty();
    }
}
