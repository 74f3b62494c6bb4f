package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** Puts what came for an action in its place in the slot, after a look at its type. */
final class Arrivals {
    private final StageProgram program;
    private final StagePorts ports;
    private final List<WindowPorts> variants;
    private final FedPorts fed;
    private final WideArrivals wide;

    Arrivals(StageProgram program, StagePorts ports, WideArrivals wide) {
        this.program = program;
        this.ports = ports;
        this.variants = WindowPorts.variants(ports);
        this.fed = new FedPorts(program);
        this.wide = wide;
    }

    /**
     * The leases move into the slot, whatever becomes of them; throws {@link IllegalArgumentException} if something is not
     * there or not of the right type.
     *
     * @param arrived what {@link StagePorts#needs} lists, in that order
     */
    void receive(
            Window window, Action action, MicrobatchSlot slot, MicrobatchTypes.Typed typed, List<TensorLease> arrived) {
        for (int i = 0; i < arrived.size(); i++) {
            slot.hold(arrived.get(i));
        }
        List<StagePorts.Port> needs = variants.get(ports.variant(window)).needs(action.kind());
        if (arrived.size() != needs.size()) {
            throw wrong(window, action, "expected " + needs + ", got " + arrived);
        }
        for (int i = 0; i < needs.size(); i++) {
            TensorType type = type(needs.get(i), typed);
            TensorType expected = wide.type(needs.get(i), type);
            Tensor tensor = arrived.get(i).tensor();
            if (tensor.dtype() != expected.dtype() || !tensor.shape().equals(expected.shape())) {
                throw wrong(window, action, "expected " + expected + ", got " + tensor);
            }
            if (wide.widens(needs.get(i))) {
                TensorLease widened = wide.widen(needs.get(i), arrived.get(i), type);
                slot.hold(widened);
                tensor = widened.tensor();
            }
            place(needs.get(i), slot, tensor);
        }
    }

    private TensorType type(StagePorts.Port port, MicrobatchTypes.Typed typed) {
        return switch (port.kind()) {
            case ACTIVATION -> typed.values().of(activation(port));
            case GRADIENT -> typed.values().of(gradient(port));
            case FED -> typed.ports().get(port.edge());
            case TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT, OUTPUT ->
                throw new IllegalStateException(port + " never arrives for one");
        };
    }

    private void place(StagePorts.Port port, MicrobatchSlot slot, Tensor tensor) {
        switch (port.kind()) {
            case ACTIVATION -> slot.arrived(activation(port), tensor);
            case GRADIENT -> slot.program().gradientArrived(gradient(port), tensor);
            case FED -> fed.place(slot, port.edge(), tensor);
            case TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT, OUTPUT ->
                throw new IllegalStateException(port + " never arrives for one");
        }
    }

    private Value activation(StagePorts.Port port) {
        return program.before().edges().get(port.edge()).value();
    }

    private Value gradient(StagePorts.Port port) {
        return program.after().edges().get(port.edge()).value();
    }

    private static IllegalArgumentException wrong(Window window, Action action, String what) {
        return new IllegalArgumentException(StagePorts.where(window.number(), action) + ": " + what);
    }
}
