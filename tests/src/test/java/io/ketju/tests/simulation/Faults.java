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
    private static final int LAST_STEP = 2000;

    private static final long SECOND = 1_000_000_000L;
    private static final int FILE_OPERATIONS = 60;

    private enum Kind {
        KILL,
        KILL_AT_FILE,
        POWER_CUT,
        POWER_CUT_AT_FILE,
        PAUSE,
        PAUSE_AT_FILE,
        CUT,
        LEAVE
    }

    private record Fault(long step, Kind kind) {}

    private final World world;
    private final SplittableRandom random;
    private long last;
    private final Membership members;
    private final Runnable powerCut;
    private final PriorityQueue<Fault> due = new PriorityQueue<>((a, b) -> Long.compare(a.step(), b.step()));
    private final List<String> happened = new ArrayList<>();

    Faults(World world, SplittableRandom random, Membership members, Runnable powerCut) {
        this.world = world;
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

    /** When the last one struck. */
    long last() {
        return last;
    }

    /** Lets happen what is due. */
    void strike(long step) {
        Fault next = due.peek();
        if (next == null || next.step() > step) {
            return;
        }
        due.remove();
        Node victim = victim(next.kind());
        if (victim != null) {
            strike(next.kind(), victim);
        }
    }

    private void strike(Kind kind, Node victim) {
        long seconds = random.nextLong(1, 60);
        int operations = random.nextInt(FILE_OPERATIONS);
        String what = switch (kind) {
            case KILL -> at(() -> members.kill(victim));
            case POWER_CUT -> at(powerCut);
            case LEAVE -> at(() -> members.leave(victim, seconds * SECOND)) + " within " + seconds + " s";
            case PAUSE -> at(() -> members.pause(victim, seconds * SECOND)) + " for " + seconds + " s";
            case KILL_AT_FILE -> atFile(victim, operations, () -> members.kill(victim));
            case POWER_CUT_AT_FILE -> atFile(victim, operations, powerCut);
            case PAUSE_AT_FILE ->
                atFile(victim, operations, () -> members.pause(victim, seconds * SECOND)) + " for " + seconds + " s";
            case CUT -> {
                int ways = random.nextInt(3);
                at(() -> members.cutOff(victim, ways != 0, ways != 1, seconds * SECOND));
                yield " for " + seconds + " s" + (ways == 2 ? "" : " one way");
            }
        };
        happened.add(kind + " of " + victim + what);
    }

    private String at(Runnable happens) {
        last = world.now();
        happens.run();
        return "";
    }

    private String atFile(Node victim, int operations, Runnable happens) {
        victim.atFile(operations, () -> at(happens));
        return " after " + operations;
    }

    private @Nullable Node victim(Kind kind) {
        List<Node> nodes = new ArrayList<>(members.workers());
        Node driver = members.driver();
        if (driver != null && driver.alive() && kind != Kind.LEAVE) {
            nodes.add(driver);
        }
        return nodes.isEmpty() ? null : nodes.get(random.nextInt(nodes.size()));
    }
}
