package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the actions of windows of one kind need and make, looked up instead of worked out anew. */
final class WindowPorts {
    private final Map<Kind, List<Port>> needs = new EnumMap<>(Kind.class);
    /** Of what is needed, among all that comes to the stage: see {@link ArrivingPorts}. */
    private final Map<Kind, int[]> places = new EnumMap<>(Kind.class);

    private final Map<Kind, List<Port>> makes = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Port>> makesLast = new EnumMap<>(Kind.class);
    /** By place, whether it comes in such windows. */
    private final boolean[] taken;

    private WindowPorts(StagePorts ports, ArrivingPorts arriving) {
        taken = new boolean[arriving.count()];
        for (int place : arriving.places(ports.arriving())) {
            taken[place] = true;
        }
        for (Kind kind : Kind.values()) {
            List<Port> needed = ports.needs(kind);
            needs.put(kind, needed);
            places.put(kind, arriving.places(needed));
            makes.put(kind, ports.makes(kind, false));
            makesLast.put(kind, ports.makes(kind, true));
        }
    }

    /** By {@link StagePorts#variant}. */
    static List<WindowPorts> variants(StagePorts ports) {
        ArrivingPorts arriving = new ArrivingPorts(ports);
        return ports.variants().stream()
                .map(variant -> new WindowPorts(variant, arriving))
                .toList();
    }

    /** See {@link StagePorts#needs}. */
    List<Port> needs(Kind action) {
        return Objects.requireNonNull(needs.get(action));
    }

    /** Their places among all that come to the stage; not to be changed. */
    int[] places(Kind action) {
        return Objects.requireNonNull(places.get(action));
    }

    /** See {@link StagePorts#makes}. */
    List<Port> makes(Kind action, boolean lastWeights) {
        return Objects.requireNonNull((lastWeights ? makesLast : makes).get(action));
    }

    /** Whether such a tensor comes to the stage. */
    boolean takes(int place) {
        return taken[place];
    }
}
