package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.List;

/** A process: a tree of actors that runs, stands still or is dead, together. What is dead never runs again. */
final class Node {
    private final String name;
    private final List<World.Task> parked = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private long diskOperationsLeft = Long.MAX_VALUE;
    private Runnable atDisk = () -> {};

    Node(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean alive() {
        return alive;
    }

    boolean paused() {
        return alive && paused;
    }

    void kill() {
        alive = false;
        parked.clear();
    }

    void pause() {
        paused = true;
    }

    void park(World.Task task) {
        parked.add(task);
    }

    List<World.Task> resumed() {
        paused = false;
        List<World.Task> waiting = List.copyOf(parked);
        parked.clear();
        return waiting;
    }

    /** Has something happen before its disk operation behind so many more. */
    void atDisk(long operations, Runnable happens) {
        diskOperationsLeft = operations;
        atDisk = happens;
    }

    /** It is about to do something to the disk. */
    void comesToDisk() {
        if (diskOperationsLeft-- == 0) {
            atDisk.run();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
