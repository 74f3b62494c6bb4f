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
    private boolean powerGoesToo;

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

    /** Dies in the middle of what it is at, before the disk operation behind so many more. */
    void dieAtDisk(long operations, boolean power) {
        diskOperationsLeft = operations;
        powerGoesToo = power;
    }

    /** Whether all nodes die with it. */
    boolean powerGoesToo() {
        return powerGoesToo;
    }

    /** Counts an operation; returns whether the node is to die before it. */
    boolean diesAtDisk() {
        return diskOperationsLeft-- <= 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
