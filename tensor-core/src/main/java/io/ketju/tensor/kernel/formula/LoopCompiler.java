package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Expression.Constant;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the class of a {@link FormulaLoop} for one {@link LoopStage}. In Java it would read, for {@code y = max(x, least) + x 0.5}:
 *
 * <pre>{@code
 * private static final FloatVector CONSTANT_0 = FloatVector.broadcast(SPECIES, 0.5f);
 *
 * void run(long a, long b, long c, long d, long e, long bytes) {
 *     FloatVector least = FloatVector.broadcast(SPECIES, scalars[0]);
 *     int end = (int) bytes;
 *     for (int i = 0; i < end; i += VECTOR) {
 *         FloatVector x = VectorMemory.load(a + i);
 *         FloatVector y = x.max(least).add(x.mul(CONSTANT_0));
 *         VectorMemory.store(y, b + i);
 *     }
 * }
 * }</pre>
 *
 * <p>The rest of a tile that is no whole vector is not its matter ({@link FormulaTiles}): the compiler of the JVM has each
 * formula once.
 */
final class LoopCompiler {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc LOOP = ClassDesc.of(FormulaLoop.class.getName());
    private static final ClassDesc VECTOR = ClassDesc.of(FloatVector.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    private static final ClassDesc WIDTH = ClassDesc.of(VectorWidth.class.getName());
    private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS);
    private static final MethodTypeDesc WITH = MethodTypeDesc.of(LOOP, FLOATS);
    private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float);
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            ConstantDescs.CD_void,
            Stream.generate(() -> ConstantDescs.CD_long)
                    .limit(Formula.MOST_OPERANDS + 1)
                    .toList());

    private LoopCompiler() {}

    /**
     * A new class for the stage, loaded and ready; its scalars are all still missing.
     *
     * @param block bytes of each stored value in the buffer
     */
    static FormulaLoop compile(LoopStage stage, long block) {
        ClassDesc self = ClassDesc.of(FormulaLoop.class.getName() + "_" + stage.name());
        byte[] bytes = ClassFile.of().build(self, type -> write(stage, block, self, type));
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClass(bytes, true);
            return (FormulaLoop)
                    hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class, float[].class))
                            .invoke(new float[0]);
        } catch (Throwable e) {
            throw new IllegalStateException("no loop for " + stage, e);
        }
    }

    private static void write(LoopStage stage, long block, ClassDesc self, ClassBuilder type) {
        List<Constant> constants = stage.terms().stream()
                .filter(Constant.class::isInstance)
                .map(Constant.class::cast)
                .distinct()
                .toList();
        type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(LOOP);
        type.withMethodBody(
                ConstantDescs.INIT_NAME,
                CONSTRUCTOR,
                0,
                code -> code.aload(0)
                        .aload(1)
                        .invokespecial(LOOP, ConstantDescs.INIT_NAME, CONSTRUCTOR)
                        .return_());
        type.withMethodBody(
                "with",
                WITH,
                0,
                code -> code.new_(self)
                        .dup()
                        .aload(1)
                        .invokespecial(self, ConstantDescs.INIT_NAME, CONSTRUCTOR)
                        .areturn());
        for (int i = 0; i < constants.size(); i++) {
            type.withField(LoopWriter.constant(i), VECTOR, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        type.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
            for (int i = 0; i < constants.size(); i++) {
                code.getstatic(WIDTH, "SPECIES", SPECIES)
                        .loadConstant(constants.get(i).value())
                        .invokestatic(VECTOR, "broadcast", BROADCAST)
                        .putstatic(self, LoopWriter.constant(i), VECTOR);
            }
            code.return_();
        });
        type.withMethodBody("run", RUN, 0, code -> new LoopWriter(stage, block, self, constants, code).write());
    }
}
