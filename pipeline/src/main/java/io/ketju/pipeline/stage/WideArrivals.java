package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where what came to a stage rounded is what layers compute with: a pool for each edge, with a buffer for every micro-batch that
 * can hold what came over it. Empty where all bits travel.
 */
final class WideArrivals implements StageHoldings.Owner {
    private final Wire wire;
    private final Kernels kernels;
    private final Map<StagePorts.Port, TensorPool> pools = new HashMap<>();

    /**
     * @param program of windows that run everything
     */
    WideArrivals(PipelineSpec spec, StageProgram program, Kernels kernels) {
        this.wire = spec.wire();
        this.kernels = kernels;
        for (Edge edge : edges(spec, program)) {
            String name = "arrivals of stage " + program.stage();
            pools.put(edge.port(), new TensorPool(name, edge.type().bytes(), edge.buffers()));
        }
    }

    /** What comes over one edge, in the largest micro-batch. */
    private record Edge(StagePorts.Port port, TensorType type, int buffers) {
        long bytes() {
            return Math.multiplyExact(type.bytes(), buffers);
        }
    }

    /** All of their memory. */
    static long bytes(PipelineSpec spec, StageProgram program) {
        return edges(spec, program).stream().mapToLong(Edge::bytes).sum();
    }

    private static List<Edge> edges(PipelineSpec spec, StageProgram program) {
        int inFlight = StageRoom.of(spec, program.stage()).inFlight();
        boolean splits = spec.plans().stream().anyMatch(plan -> plan.splitsBackward(program.stage()));
        List<Edge> edges = new ArrayList<>();
        for (StagePorts.Port port :
                StagePorts.of(spec, program.stage(), program, spec.objectivePrograms(program.stage()))
                        .arriving()
                        .stream()
                        .distinct()
                        .toList()) {
            if (port.kind() == TensorKey.Kind.ACTIVATION) {
                add(spec, port, program.before().edges().get(port.edge()).value(), inFlight, edges);
            } else if (port.kind() == TensorKey.Kind.GRADIENT) {
                add(spec, port, program.after().edges().get(port.edge()).value(), splits ? inFlight : 1, edges);
            }
        }
        return edges;
    }

    private static void add(PipelineSpec spec, StagePorts.Port port, Value value, int buffers, List<Edge> edges) {
        ModelTypes largest = spec.largestTypes();
        TensorType type = largest.of(value);
        if (spec.wire().packs(type.dtype())) {
            edges.add(new Edge(port, type, buffers));
        }
    }

    /** What is to come of a value of this type. */
    TensorType type(StagePorts.Port port, TensorType value) {
        return pools.containsKey(port) ? wire.type(value) : value;
    }

    /** Whether what comes there came rounded. */
    boolean widens(StagePorts.Port port) {
        return pools.containsKey(port);
    }

    /** What came, as layers take it. */
    TensorLease widen(StagePorts.Port port, TensorLease came, TensorType type) {
        TensorPool pool = pools.get(port);
        if (pool == null) {
            throw new IllegalStateException(port + " comes as it is");
        }
        TensorLease wide = pool.lease(type.dtype(), type.shape());
        kernels.elementwise().unpackBfloat16(came.tensor(), wide.tensor());
        return wide;
    }

    @Override
    public long heldBytes() {
        return pools.values().stream().mapToLong(TensorPool::capacityBytes).sum();
    }

    @Override
    public void close() {
        pools.values().forEach(TensorPool::close);
    }
}
