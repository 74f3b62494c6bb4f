/**
 * A rank at work, with one stage or several: the pure state machine that decides, the computes that do, and the runner that
 * drives all ranks on one thread.
 *
 * <pre>
 * The path of one micro-batch:
 *
 *   StageMachine.on(TensorArrived)   files it in its stage's StageInbox; the head of the rank's list decides what runs
 *   StageCompute.run(F)              takes a free MicrobatchSlot, puts what arrived in its place
 *   BoundProgram.forward             the stage's program on the slot's memory, made once for each size: BoundLayer,
 *                                    BoundView, BoundLoss over SlotTensors
 *   OutputBuffers.send               a bundle for the next stage, one buffer for each edge of the cut
 *   StageCompute.run(B)              BoundProgram.backward, last step first; gradients go to the previous stage, those of
 *                                    weights to the sum of the micro-batch's group: StageGroups
 *   StageCompute.run(G)              where the stage has replicas: StageExchange takes in what others have of the mini-batch, and
 *                                    hands it on with its own
 *   StageCompute.run(N)              where the step waits for sums: TiedParameters, ParameterChecks, StageGradients; whoever
 *                                    directs the run adds those of all stages up (StepSums) and answers with SumsAgreed
 *   StageCompute.run(S)              TiedParameters, StepTensors.commit, ParameterBlock.update, ParameterChecks; of LBFGS
 *                                    StageSearch, and then perhaps another window of the same mini-batch
 * </pre>
 *
 * <p>In a window that predicts, F needs no targets, and PredictedOutputs sends the model's outputs to whoever gave the
 * batch, who puts them together in WindowOutputs. A Predictor is a whole model forward only, without machine or window:
 * weights and one slot.
 *
 * <p>For a checkpoint whoever directs the run asks every stage for {@code StageCompute.toWrite} at a step boundary: a
 * {@code StateCopy}, which is written while the next steps run.
 *
 * <p>All memory of a stage is taken when it is made: StageHoldings knows who holds it and for what, closes it, and says in
 * {@code StageMemory} how much there really is of what {@code StagePlan} has planned.
 *
 * <p>What an action needs and makes is in {@code StagePorts}; what it is called on the way in {@code TensorKey}.
 */
@NullMarked
package io.ketju.pipeline.stage;

import org.jspecify.annotations.NullMarked;
