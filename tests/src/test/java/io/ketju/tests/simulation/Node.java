package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.List;

/** A process: a tree of actors that runs, stands still or is dead, together. What is dead never runs again. */
final class Node {
    private final String name;
    private final List<World.Task> parked = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private boolean disturbed;
    private long fileOperationsLeft = Long.MAX_VALUE;
    private Runnable atFile = () -> {};

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
        disturbed = true;
    }

    /** It is cut off for a while. */
    void cutOff() {
        disturbed = true;
    }

    /** Whether it ever stood still or was cut off: what it is asked for may come too late from then on. */
    boolean disturbed() {
        return disturbed;
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

    /** Has something happen before what it does to a file behind so many more. */
    void atFile(long operations, Runnable happens) {
        fileOperationsLeft = operations;
        atFile = happens;
    }

    /** It is about to change something on the disk, or to send a piece of a file; dies there if that is to be. */
    void comesToFile() {
        if (alive && fileOperationsLeft-- == 0) {
            atFile.run();
        }
        if (!alive) {
            throw new NodeDied(this);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
