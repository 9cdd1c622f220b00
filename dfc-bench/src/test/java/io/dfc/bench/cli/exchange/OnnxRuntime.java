package io.dfc.bench.cli.exchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs models in ONNX Runtime. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /**
     * Runs a model.
     *
     * @param file the model
     * @param input rows of its input
     * @return its outputs by name: {@code float[][]} or {@code String[]}
     */
    static Map<String, Object> run(Path file, float[][] input) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor tensor = OnnxTensor.createTensor(environment, input);
                OrtSession.Result result = session.run(Map.of("input", tensor))) {
            Map<String, Object> outputs = new HashMap<>();
            for (var entry : result) {
                outputs.put(entry.getKey(), entry.getValue().getValue());
            }
            return outputs;
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    /** The texts that a model carries about itself. */
    static Map<String, String> metadata(Path file) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString())) {
            return session.getMetadata().getCustomMetadata();
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }
}
