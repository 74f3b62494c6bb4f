/**
 * Tensors between processes: one Netty server per node, one connection per edge, credits against overload, heartbeats
 * against silence. Netty stays inside: no type of it appears in a public signature.
 *
 * <pre>
 * one tensor from node to node
 *
 *   sender                                                    receiver
 *   DataPlane.connect ──▶ OutboundSession ──hello──────────▶  InboundSession ◀── DataPlane.accept (InboundRegistry)
 *   OutboundEdge.send     waits for a credit (CreditWindow)   checks header and size, asks InboundEdge for memory
 *                         FrameBytes wraps the tensor ─────▶  FrameReader writes into it, InboundEdge.arrived
 *                         gives the lease back      ◀─credit─ the receiver has closed its lease
 * </pre>
 *
 * <p>Between processes of one machine tensors take another way, if both sides want it ({@code Sharing}): WELCOME offers a
 * file, SHARED answers whether the sender found it, and from then on the connection carries no tensors and no credits.
 *
 * <pre>
 *   OutboundEdge.send     RingSending writes into the ring    whoever looks: IdlePoll of idle compute workers (RingPolls),
 *                         a sleeping receiver gets ──wake──▶  or the connection's thread; RingTaking copies to InboundEdge
 *                         a sender without credit   ◀──wake─  the receiver has closed its lease
 * </pre>
 *
 * <p>Before the hello, if there are certificates, the two sides agree on TLS ({@code Encryption}); after it, if they have a secret,
 * each proves that it knows it ({@code SecretProof}), and only then the receiver looks for the edge:
 *
 * <pre>
 *   OutboundSession ──hello, nonce──▶ InboundSession ──challenge: nonce, proof──▶ OutboundSession ──proof──▶ InboundSession ──welcome──▶
 * </pre>
 *
 * <p>{@code Entrance} is what one connection must pass, {@code Admission} has the places of all, {@code Complaints} the lines about
 * those who were refused. {@code Pulse} tells a peer that lives from one that is silent, or floods.
 *
 * <p>{@code FrameChannel} is what both sides have of a connection: bytes to frames, the handshake's deadline, heartbeats, one end
 * with one cause. {@code DataPlaneOptions} has every limit.
 */
@NullMarked
package io.ketju.protocol.dataplane;

import org.jspecify.annotations.NullMarked;
