/**
 * The part of `kuksa.val.v2` that is used here, with the names and numbers of Eclipse KUKSA's published
 * proto/kuksa/val/v2/val.proto and types.proto (eclipse-kuksa/kuksa-databroker, commit 0767fd1), as protobuf.js
 * describes messages in JSON.
 */
export const KUKSA_VAL_V2: unknown = {
  nested: {
    kuksa: {
      nested: {
        val: {
          nested: {
            v2: {
              nested: {
                VAL: {
                  methods: {
                    ListMetadata: {
                      requestType: "ListMetadataRequest",
                      responseType: "ListMetadataResponse",
                    },
                    Subscribe: {
                      requestType: "SubscribeRequest",
                      responseType: "SubscribeResponse",
                      responseStream: true,
                    },
                  },
                },
                ListMetadataRequest: { fields: { root: { type: "string", id: 1 } } },
                ListMetadataResponse: {
                  fields: { metadata: { rule: "repeated", type: "Metadata", id: 1 } },
                },
                Metadata: { fields: { path: { type: "string", id: 9 } } },
                SubscribeRequest: {
                  fields: {
                    signalPaths: { rule: "repeated", type: "string", id: 1 },
                    bufferSize: { type: "uint32", id: 2 },
                  },
                },
                SubscribeResponse: {
                  fields: { entries: { keyType: "string", type: "Datapoint", id: 1 } },
                },
                Datapoint: {
                  fields: { timestamp: { type: "Timestamp", id: 1 }, value: { type: "Value", id: 2 } },
                },
                // google.protobuf.Timestamp: a message's name is not on the wire.
                Timestamp: { fields: { seconds: { type: "int64", id: 1 }, nanos: { type: "int32", id: 2 } } },
                Value: {
                  oneofs: { typedValue: { oneof: ["string", "float", "double"] } },
                  fields: {
                    string: { type: "string", id: 11 },
                    float: { type: "float", id: 17 },
                    double: { type: "double", id: 18 },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
