/**
 * ONNX Runtime: each network written as an ONNX model, byte by byte, and run in a session. {@link
 * dev.nnlang.bench.onnx.OnnxGraph} knows the format, {@link dev.nnlang.bench.onnx.OnnxNetworks} the
 * networks.
 */
package dev.nnlang.bench.onnx;
