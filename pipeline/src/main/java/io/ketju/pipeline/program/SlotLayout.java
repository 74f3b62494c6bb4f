package io.ketju.pipeline.program;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * The tensors of a slot and where they lie. Sizes in the plan are those of the largest micro-batch. Immutable.
 *
 * @param rooms all tensors that lie in the slot
 * @param plan the offset of each
 */
public record SlotLayout(List<Room> rooms, SlotPlan plan) {
    /** Copies the list. */
    public SlotLayout {
        rooms = List.copyOf(rooms);
    }

    /**
     * {@return the plan of a slot}
     *
     * @param program of the stage
     * @param largest types of all values in the largest micro-batch
     * @param splits whether the weight gradients of a micro-batch may be made later than those of its inputs ({@code I}, then {@code W}),
     *     so that what both read lives longer
     */
    public static SlotLayout of(StageProgram program, ModelTypes largest, boolean splits) {
        Lifetimes lifetimes = new Lifetimes(program, largest, splits);
        List<Room> rooms = lifetimes.rooms();
        return new SlotLayout(
                rooms,
                SlotPlan.of(rooms.stream()
                        .map(room -> lifetimes.life(
                                room, type(program, room, largest).bytes()))
                        .toList()));
    }

    /**
     * {@return the type of a room in a micro-batch}
     *
     * @param program that the room is of
     * @param room of its slot
     * @param types of all values in that micro-batch
     */
    public static TensorType type(StageProgram program, Room room, ModelTypes types) {
        Value value = room.value();
        if (value != null) {
            return types.of(value);
        }
        Step step = program.steps().get(room.step());
        List<TensorType> inputs = types.of(step.inputs());
        return switch (room.purpose()) {
            case PART, LOSS_GRADIENT -> inputs.get(room.index());
            case KEPT ->
                ((Step.LayerStep) step).node().layer().footprint(inputs).kept().get(room.index());
            case FORWARD_WORKSPACE, BACKWARD_WORKSPACE ->
                ((Step.LayerStep) step)
                        .node()
                        .layer()
                        .footprint(inputs)
                        .workspace()
                        .get(room.index());
            case LOSS_ROOM -> ((Step.LossStep) step).head().room(inputs).get(room.index());
            case VALUE, GRADIENT -> throw new IllegalStateException(room + " has no value");
        };
    }
}
