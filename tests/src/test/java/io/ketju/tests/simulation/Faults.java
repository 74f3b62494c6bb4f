package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What fails, and after how many steps: up to three faults, drawn by the seed. */
final class Faults {
    private static final int MOST = 3;
    /** Steps of an undisturbed run, about. */
    private static final int LAST_STEP = 3000;

    private static final long SECOND = 1_000_000_000L;
    private static final int DISK_OPERATIONS = 60;

    private enum Kind {
        KILL,
        KILL_AT_DISK,
        POWER_CUT,
        POWER_CUT_AT_DISK,
        PAUSE,
        CUT
    }

    private record Fault(long step, Kind kind) {}

    private final SplittableRandom random;
    private final Membership members;
    private final Runnable powerCut;
    private final PriorityQueue<Fault> due = new PriorityQueue<>((a, b) -> Long.compare(a.step(), b.step()));
    private final List<String> happened = new ArrayList<>();

    Faults(SplittableRandom random, Membership members, Runnable powerCut) {
        this.random = random;
        this.members = members;
        this.powerCut = powerCut;
        int count = random.nextInt(MOST + 1);
        Kind[] kinds = Kind.values();
        for (int i = 0; i < count; i++) {
            due.add(new Fault(random.nextInt(LAST_STEP), kinds[random.nextInt(kinds.length)]));
        }
    }

    /** Those that have happened, for people. */
    String happened() {
        return happened.isEmpty() ? "no faults" : String.join(", ", happened);
    }

    boolean any() {
        return !happened.isEmpty();
    }

    /** Lets happen what is due; returns whether something did. */
    boolean strike(long step) {
        Fault next = due.peek();
        if (next == null || next.step() > step) {
            return false;
        }
        due.remove();
        Node victim = victim();
        if (victim != null) {
            strike(next.kind(), victim);
        }
        return victim != null;
    }

    private void strike(Kind kind, Node victim) {
        String what = switch (kind) {
            case KILL -> {
                members.kill(victim);
                yield "";
            }
            case POWER_CUT -> {
                powerCut.run();
                yield "";
            }
            case KILL_AT_DISK, POWER_CUT_AT_DISK -> {
                int operations = random.nextInt(DISK_OPERATIONS);
                victim.dieAtDisk(operations, kind == Kind.POWER_CUT_AT_DISK);
                yield " " + operations;
            }
            case PAUSE -> {
                long seconds = random.nextLong(1, 60);
                members.pause(victim, seconds * SECOND);
                yield " " + seconds + " s";
            }
            case CUT -> {
                long seconds = random.nextLong(1, 60);
                int ways = random.nextInt(3);
                members.cutOff(victim, ways != 0, ways != 1, seconds * SECOND);
                yield " " + seconds + " s" + (ways == 2 ? "" : ", one way");
            }
        };
        happened.add(kind + " of " + victim + what);
    }

    private @Nullable Node victim() {
        List<Node> nodes = new ArrayList<>(members.workers());
        Node driver = members.driver();
        if (driver != null && driver.alive()) {
            nodes.add(driver);
        }
        return nodes.isEmpty() ? null : nodes.get(random.nextInt(nodes.size()));
    }
}
