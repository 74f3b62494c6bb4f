/**
 * What a stage does and where its tensors lie, worked out before anything is allocated. {@code StageProgram.of} lists the
 * steps of a stage and says for every input whose turn in a gradient it is; {@code SlotLayout.of} asks {@code Lifetimes}
 * when each tensor is needed and {@code SlotPlan} for its offset. The stage then only follows both.
 *
 * <pre>
 * model, partition ── GradientFlow ──► StageProgram ── Lifetimes ──► SlotPlan
 *                          Cut ──────────┘  steps, turns     rooms, moments    offsets
 * </pre>
 */
@NullMarked
package io.ketju.pipeline.program;

import org.jspecify.annotations.NullMarked;
