package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the actions of windows of one kind need and make, looked up instead of worked out anew. */
final class WindowPorts {
    private final Map<Kind, List<Port>> needs = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Port>> makes = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Port>> makesLast = new EnumMap<>(Kind.class);
    private final Set<Port> arriving;

    private WindowPorts(StagePorts ports) {
        for (Kind kind : Kind.values()) {
            needs.put(kind, ports.needs(kind));
            makes.put(kind, ports.makes(kind, false));
            makesLast.put(kind, ports.makes(kind, true));
        }
        arriving = Set.copyOf(ports.arriving());
    }

    /** By {@link StagePorts#variant}. */
    static List<WindowPorts> variants(StagePorts ports) {
        return ports.variants().stream().map(WindowPorts::new).toList();
    }

    /** See {@link StagePorts#needs}. */
    List<Port> needs(Kind action) {
        return Objects.requireNonNull(needs.get(action));
    }

    /** See {@link StagePorts#makes}. */
    List<Port> makes(Kind action, boolean lastWeights) {
        return Objects.requireNonNull((lastWeights ? makesLast : makes).get(action));
    }

    /** Whether such a tensor comes to the stage. */
    boolean takes(Port port) {
        return arriving.contains(port);
    }
}
