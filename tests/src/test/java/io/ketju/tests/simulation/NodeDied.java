package io.ketju.tests.simulation;

/** Unwinds what a node was at when it died; nothing that it still does has an effect. */
final class NodeDied extends Error {
    private static final long serialVersionUID = 1;

    NodeDied(Node node) {
        super(node + " died", null, false, false);
    }
}
