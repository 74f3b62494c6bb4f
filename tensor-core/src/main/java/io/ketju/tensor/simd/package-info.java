/**
 * What all kernels are made of: the vector width, memory by address, mathematical functions, the order of sums, and
 * the cutting of loops into tiles. For kernels only.
 *
 * <pre>
 * width       VectorWidth: one per JVM, fixed before the first kernel
 * memory      VectorMemory: address(tensor) once per call, checked; then loads and stores by address
 * functions   FloatMath, FloatPower, FloatErrorFunction, FloatTrigonometry   define the bits, scalar
 *             VectorMath, VectorExpLog, VectorPower, VectorSigmoid, ...      the same operations on every lane
 * sums        LaneSum (along a row, 16 virtual lanes)   ColumnSum (down a column, blocks of rows)
 *             VectorSum, VectorRows                     VectorColumnSum, RunningColumnSums
 * tiles       TileRunner (the pool, seen from a kernel), Ranges (where loops are cut), Elements (element-wise loops)
 * moves       VectorTranspose, MatrixTransposition, VectorPairs
 * </pre>
 *
 * <p>Why vector code here looks as it does. The compiler keeps vectors in registers only within what it compiles as one
 * piece, and these rules keep a loop inside of that:
 *
 * <ol>
 * <li>It inlines 15 levels of calls, and a vector's way to memory takes seven. A loop over tiles calls its tile by a handle
 *     that it does not look through ({@link io.ketju.tensor.simd.CompilationRoot}), so the levels are counted from there.
 * <li>Such handles are fields that are not final: a final one would be a constant and inlined after all.
 * <li>A loop holds one function and little else; a long formula goes in steps with memory between them.
 * <li>Constants are whole vectors, made once, in static fields.
 * <li>Addresses and sizes are known before the loop; a loop does not ask a tensor for anything.
 * </ol>
 */
@NullMarked
package io.ketju.tensor.simd;

import org.jspecify.annotations.NullMarked;
