package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All ways of files between nodes: who listens for which, and which are open. */
final class FileWires {
    /** How long a sender tries to reach a node that does not answer. */
    private static final long PATIENCE = 5_000_000_000L;

    private static final long LONGEST_BREAK = 50_000_000;

    private final World world;
    private final CopyFaults copyFaults;
    private final Map<FileEdge, FileArrival> listening = new LinkedHashMap<>();
    private final List<FileWay> open = new ArrayList<>();

    FileWires(World world) {
        this.world = world;
        this.copyFaults = new CopyFaults(world);
    }

    CopyFaults copyFaults() {
        return copyFaults;
    }

    void listen(FileArrival arrival) {
        listening.put(arrival.edge(), arrival);
    }

    void withdraw(FileArrival arrival) {
        listening.remove(arrival.edge(), arrival);
    }

    /** A way that takes what is sent from now on; if the other node is not there, or refuses, it breaks when that is known. */
    FileWay open(Node from, Node to, FileEdge edge) {
        FileWay way = new FileWay(world, this, from, to, edge);
        open.add(way);
        world.after(PATIENCE, from, () -> {
            if (!way.opened().isDone()) {
                breaks(way, "no answer from " + to + " for " + edge.channel());
            }
        });
        world.network().send(from, to, edge.channel(), () -> arrived(way));
        return way;
    }

    /** At the other node, unless it broke meanwhile. A way that its sender has closed is still read to its end. */
    private void arrived(FileWay way) {
        FileArrival there = listener(way);
        if (there != null && there.connect(way)) {
            way.reached(there);
            answer(way, way::accepted);
        } else {
            answer(way, () -> breaks(way, way.to() + " refused " + way.edge().channel()));
        }
    }

    private void answer(FileWay way, Runnable answer) {
        world.network().send(way.to(), way.node(), way.edge().channel(), answer);
    }

    private @Nullable FileArrival listener(FileWay way) {
        FileArrival found = listening.get(way.edge());
        return found != null && found.node() == way.to() && !way.lost() ? found : null;
    }

    private void breaks(FileWay way, String cause) {
        open.remove(way);
        way.broken(cause);
    }

    /** Ways between these two break; each of them that lives hears of it after a while. */
    void broken(Node one, Node other, String cause) {
        for (FileWay way : List.copyOf(open)) {
            if (way.isBetween(one, other)) {
                open.remove(way);
                way.lose();
                if (world.has(Bug.LOSS_UNHEARD)) {
                    continue;
                }
                world.after(world.delay(LONGEST_BREAK), way.node(), () -> way.broken(cause));
                FileArrival arrival = way.arrival();
                if (arrival != null) {
                    world.after(
                            world.delay(LONGEST_BREAK), arrival.node(), () -> arrival.ended(way, Optional.of(cause)));
                }
            }
        }
    }

    /** What was sent before is still under way. */
    void closed(FileWay way) {
        world.after(PATIENCE, world.nowhere, () -> open.remove(way));
    }
}
