package io.ketju.pipeline.program;

import io.ketju.layers.Footprint;
import io.ketju.layers.Port;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.program.Room.Purpose;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When each tensor of a micro-batch is first and last needed on a stage. Moments are counted: one for every step's forward,
 * one in which the bundle for the next stage is copied, one for every step's input gradients, last step first, one for
 * the bundle for the previous stage, and, where weight gradients may come later, one for every step's weight gradients.
 */
final class Lifetimes {
    private record Span(int from, int to) {
        Span and(Span other) {
            return new Span(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    private final ModelTypes types;
    private final boolean splits;
    private final int steps;
    /** The room that a value lies in; none if it comes from elsewhere. */
    private final Map<Value, Room> valueRooms = new HashMap<>();
    /** The room that the gradient of a value lies in; none if it comes from the next stage. */
    private final Map<Value, Room> gradientRooms = new HashMap<>();

    private final Map<Room, Span> spans = new LinkedHashMap<>();

    Lifetimes(StageProgram program, ModelTypes types, boolean splits) {
        this.types = types;
        this.splits = splits;
        steps = program.steps().size();
        for (int i = 0; i < steps; i++) {
            if (program.steps().get(i) instanceof Step.LayerStep layer) {
                makeValues(i, layer);
            }
        }
        for (int i = steps - 1; i >= 0; i--) {
            makeGradients(i, program.steps().get(i));
        }
        for (int i = 0; i < steps; i++) {
            switch (program.steps().get(i)) {
                case Step.LayerStep layer -> usedBy(i, layer);
                case Step.LossStep loss -> usedBy(i, loss);
            }
        }
        program.after().edges().stream()
                .filter(Cut.Edge::activation)
                .forEach(edge -> need(valueRooms.get(edge.value()), activationsSent()));
        program.before().edges().stream()
                .filter(Cut.Edge::gradient)
                .forEach(edge -> need(gradientRooms.get(edge.value()), gradientsSent()));
        program.model().outputs().forEach(output -> need(valueRooms.get(output), activationsSent()));
    }

    List<Room> rooms() {
        return List.copyOf(spans.keySet());
    }

    SlotPlan.Life life(Room room, long bytes) {
        Span span = spans.getOrDefault(room, new Span(0, 0));
        return new SlotPlan.Life(bytes, span.from(), span.to());
    }

    private int forward(int step) {
        return step;
    }

    private int activationsSent() {
        return steps;
    }

    private int inputGradients(int step) {
        return 2 * steps - step;
    }

    private int gradientsSent() {
        return 2 * steps + 1;
    }

    private int weightGradients(int step) {
        return splits ? 3 * steps + 1 - step : inputGradients(step);
    }

    private void makeValues(int index, Step.LayerStep layer) {
        for (Value output : layer.outputs()) {
            if (layer.view()) {
                Room source = valueRooms.get(layer.inputs().getFirst());
                if (source != null) {
                    valueRooms.put(output, source);
                }
            } else {
                Room room = new Room(Purpose.VALUE, output, index, output.output());
                valueRooms.put(output, room);
                need(room, forward(index));
            }
        }
    }

    /** Where the gradients of a step's inputs lie, once those of its outputs are known. */
    private void makeGradients(int index, Step step) {
        for (int port = step.inputs().size() - 1; port >= 0; port--) {
            Value value = step.inputs().get(port);
            Step.Flow flow = step.flows().get(port);
            if (step instanceof Step.LossStep && types.of(value).differentiable()) {
                // A loss makes it in any case: it is part of one kernel call.
                Room room = new Room(Purpose.LOSS_GRADIENT, null, index, port);
                need(room, forward(index));
                need(room, flow == Step.Flow.NONE ? -1 : inputGradients(index));
                if (flow == Step.Flow.FIRST) {
                    gradientRooms.put(value, room);
                }
            } else if (step instanceof Step.LayerStep layer && flow != Step.Flow.NONE) {
                makeGradient(index, layer, port, value, flow);
            }
            need(gradientRooms.get(value), flow == Step.Flow.NONE ? -1 : inputGradients(index));
        }
    }

    private void makeGradient(int index, Step.LayerStep layer, int port, Value value, Step.Flow flow) {
        if (layer.view()) {
            Room source = gradientRooms.get(layer.outputs().getFirst());
            if (flow == Step.Flow.FIRST && source != null) {
                gradientRooms.put(value, source);
            }
        } else if (flow == Step.Flow.FIRST) {
            Room own = new Room(Purpose.GRADIENT, value, index, port);
            Room ofOutput = gradientRooms.get(layer.outputs().getFirst());
            gradientRooms.put(value, ofOutput != null && layer.inPlace(port, splits) ? ofOutput : own);
        } else {
            need(new Room(Purpose.PART, null, index, port), inputGradients(index));
        }
    }

    private void usedBy(int index, Step.LayerStep layer) {
        layer.inputs().forEach(value -> need(valueRooms.get(value), forward(index)));
        Footprint footprint = layer.footprint();
        int lastBackward = -1;
        if (layer.flowsBack()) {
            lastBackward = inputGradients(index);
            usedByBackward(layer, footprint.inputGradientReads(), lastBackward);
        }
        if (layer.learns()) {
            lastBackward = weightGradients(index);
            usedByBackward(layer, footprint.weightGradientReads(), lastBackward);
        }
        for (int i = 0; i < footprint.workspace().size(); i++) {
            need(new Room(Purpose.FORWARD_WORKSPACE, null, index, i), forward(index));
            Room backward = new Room(Purpose.BACKWARD_WORKSPACE, null, index, i);
            need(backward, layer.flowsBack() ? inputGradients(index) : -1);
            need(backward, layer.learns() ? weightGradients(index) : -1);
        }
        for (int i = 0; i < footprint.kept().size(); i++) {
            Room room = new Room(Purpose.KEPT, null, index, i);
            need(room, forward(index));
            need(room, lastBackward);
        }
    }

    private void usedByBackward(Step.LayerStep layer, Set<Port> reads, int moment) {
        for (Value output : layer.outputs()) {
            need(gradientRooms.get(output), moment);
        }
        for (Port port : reads) {
            List<Value> values = port.side() == Port.Side.INPUT ? layer.inputs() : layer.outputs();
            need(valueRooms.get(values.get(port.index())), moment);
        }
    }

    private void usedBy(int index, Step.LossStep loss) {
        List<Value> inputs = loss.inputs();
        inputs.forEach(value -> need(valueRooms.get(value), forward(index)));
        int room = loss.head().room(types.of(inputs)).size();
        for (int i = 0; i < room; i++) {
            need(new Room(Purpose.LOSS_ROOM, null, index, i), forward(index));
        }
    }

    /** A room must be there at this moment; nothing for tensors from elsewhere, and for no moment. */
    private void need(@Nullable Room room, int moment) {
        if (room != null && moment >= 0) {
            spans.merge(room, new Span(moment, moment), Span::and);
        }
    }
}
