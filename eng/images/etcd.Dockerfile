ARG BASE
FROM $BASE
RUN apt-get update -q && apt-get install -qy --no-install-recommends etcd-server && apt-get clean && rm -rf /var/lib/apt/lists/*
CMD ["etcd"]
