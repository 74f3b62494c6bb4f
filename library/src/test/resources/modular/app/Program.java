package app;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.List;

/** Trains without an actor; prints which modules it found itself in, and the hash of what was learnt. */
public final class Program {
    /** A kernel of the program's own. */
    private static final Formula TWICE = Formula.of("twice", formula -> {
        Element x = formula.operand("x");
        formula.set(x, x.times(2).plus(formula.scalar("more")));
    });

    public static void main(String[] arguments) {
        Model model = ModelText.parse(Shape.of(4), List.of("Linear(4, 8)", "ReLU()", "Linear(8, 3)"));
        Recipe recipe = new Recipe(model, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 6, 2, 8, 1);
        try (TensorCore core = TensorCore.open(2);
                TensorArena arena = new TensorArena(1 << 16);
                InProcessRunner runner =
                        new InProcessRunner(new PipelineSpec(recipe, Partition.single(model), new GPipe()), core)) {
            Tensor inputs = arena.allocate(Shape.of(6, 4));
            float[] values = new float[6 * 4];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 7 - 3;
            }
            inputs.copyFrom(values);
            Tensor classes = arena.allocate(TensorType.ints(6));
            for (int i = 0; i < 6; i++) {
                classes.setInt(i, i % 3);
            }
            for (int step = 1; step <= 8; step++) {
                runner.train(step, inputs, classes);
            }
            System.out.println("modules " + TensorCore.class.getModule().getName() + " "
                    + Model.class.getModule().getName() + " "
                    + InProcessRunner.class.getModule().getName());
            System.out.println("vectors " + core.kernels().getClass().getSimpleName());
            System.out.println("state " + runner.stateHash());
            core.kernels().update().run(TWICE.with(0.5f), inputs);
            System.out.println("formula " + Arrays.toString(inputs.toFloats()));
        }
    }
}
